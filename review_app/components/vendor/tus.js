// tus-js-client 4.3.1 (MIT, see tus.LICENSE.txt) is shipped as a script that leaves `tus` on the
// window; this makes it importable where only modules are. Only the line that names its source map is left out.

import "./tus.min.js";

export const { Upload, isSupported } = globalThis.tus;
