export const en = {
  region: 'Builds for other systems',
  target: 'System',
  size: 'Size',
  format: 'File',
  linking: 'At its start',
  time: 'Built in',
  static: 'needs nothing',
  loads: 'loads {{libraries}}',
  loadsSome: 'loads libraries',
  notBuilt: 'not built',
  limit: {
    cpu: 'the build took too long',
    memory: 'the build needed too much memory',
    pids: 'the build had too many processes',
    disk: 'the build filled its disk',
    output: 'the build wrote too much',
  },
};
