"""The packaged components: plain ES modules and CSS without a build step, and their words."""
