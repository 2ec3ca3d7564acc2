export const en = {
  region: 'Builds for other systems',
  target: 'System',
  size: 'Size',
  format: 'File',
  linking: 'Linking',
  time: 'Built in',
  static: 'static: loads nothing',
  loads: 'dynamic: loads {{libraries}}',
  loadsSome: 'dynamic',
  notBuilt: 'not built',
  limit: {
    cpu: 'the build took too long',
    memory: 'the build needed too much memory',
    pids: 'the build had too many processes',
    disk: 'the build filled its disk',
    output: 'the build wrote too much',
  },
};
