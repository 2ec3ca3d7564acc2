export const lessonMessages = {
  lesson: {
    number: '第 {{number}} 课',
    minutes_other: '约 {{count}} 分钟',
    predict: '先预测，再运行',
    predictHint: '小组内先商定答案并说明理由，再运行对照。',
    exercise: '练习：{{title}}',
    entry: '从这个文件开始：',
    checks_other: '“检查”会运行 {{count}} 个测试，须全部通过：',
    anchors_other: '文中涉及 {{count}} 个 Go 源码符号',
  },
};
