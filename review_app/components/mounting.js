/**
 * How a component comes onto a page, which runs again and again while the component stays.
 *
 *   export default mounting(Shell);
 *
 * Shell is a class: made with the component once for each place, told of later runs by
 * update(component) if it has that, and ended by destroy() when its place is taken down.
 */
export function mounting(Shell) {
  const shells = new WeakMap();
  return (component) => {
    const host = component.parentElement;
    if (shells.has(host)) shells.get(host).update?.(component);
    else shells.set(host, new Shell(component));
    return () => {
      shells.get(host)?.destroy();
      shells.delete(host);
    };
  };
}
