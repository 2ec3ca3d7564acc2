export const lessonMessages = {
  lesson: {
    number: 'Lesson {{number}}',
    minutes_one: 'About {{count}} minute',
    minutes_other: 'About {{count}} minutes',
    predict: 'Predict before you run',
    predictHint: 'Agree on an answer in your group and say why, then run and compare.',
    exercise: 'Exercise: {{title}}',
    entry: 'Start in',
    checks_one: 'Check runs {{count}} test that has to pass:',
    checks_other: 'Check runs {{count}} tests that all have to pass:',
    anchors_one: '{{count}} symbol of the Go source in this text',
    anchors_other: '{{count}} symbols of the Go source in this text',
  },
};
