export const zhCn = {
  region: '面向其他系统的构建',
  target: '系统',
  size: '大小',
  format: '文件',
  linking: '链接方式',
  time: '构建用时',
  static: '静态：不加载其他文件',
  loads: '动态：加载 {{libraries}}',
  loadsSome: '动态',
  notBuilt: '未能构建',
  limit: {
    cpu: '构建耗时过长',
    memory: '构建需要的内存过多',
    pids: '构建的进程过多',
    disk: '构建写满了磁盘',
    output: '构建的输出过多',
  },
};
