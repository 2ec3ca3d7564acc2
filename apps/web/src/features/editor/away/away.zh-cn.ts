import type { Messages } from '../../../shared/i18n/index.ts';

export const zhCn: Messages = {
  meanwhile_other: '本页离线 {{duration}} 期间，其他人修改了 {{files}} 中的 {{count}} 处。',
  next: '查看下一处',
  shown: '第 {{number}} 处，共 {{total}} 处：{{path}}:{{line}}',
  dismiss: '关闭提示',
  title: '没有保存的内容',
  text: '你的文字与服务器上现有代码的对比。补丁可以用 git apply 应用。',
  nothing: '服务器上的代码已包含全部内容。',
  copy: '复制补丁',
  copied: '已复制',
  download: '下载补丁',
  region: '改动',
};
