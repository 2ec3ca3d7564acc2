// A rule over a metric that nobody counts is silent for ever, and a monitor that selects nothing is too.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { at } from './setup/paths.mjs';

const read = (file) => fs.readFileSync(at(file), 'utf8');
const monitor = parse(read('infra/k8s/monitoring/service-monitor.yaml'));
const rules = parse(read('infra/k8s/monitoring/alerts.yaml')).spec.groups.flatMap((group) => group.rules);

/** Each metric with its labels, as the server declares it. */
const declared = new Map(
  fs
    .readdirSync(at('apps/api/src'), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...read(`apps/api/src/${name}`).matchAll(/new (?:Gauge|Counter|Histogram)\(\{(.*?)\}\)/gs),
    ])
    .map(([, options]) => [
      /name: '(\w+)'/.exec(options)?.[1],
      [...(/labelNames: \[(.*?)\]/s.exec(options)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, label]) => label),
    ]),
);

test('every alert is over metrics and labels that the server has', () => {
  assert.ok(rules.length > 5);
  for (const { alert, expr } of rules) {
    const used = [...expr.matchAll(/\b(lineage_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*?)\})?(?=[\s[\])])/g)];
    assert.ok(used.length > 0 || expr.includes('up{job="lineage-api"}'), `${alert} is over nothing`);
    for (const [, name, matchers = ''] of used) {
      assert.ok(declared.has(name), `${alert}: nobody counts ${name}`);
      for (const [, label] of matchers.matchAll(/(\w+)[!=]/g))
        assert.ok(declared.get(name).includes(label), `${alert}: ${name} has no label ${label}`);
    }
  }
});

test('every alert has a word in the operators’ documentation', () => {
  const documented = new Set(
    [...read('docs/operate.md').matchAll(/`(Lineage[A-Z]\w+)`/g)].map(([, name]) => name),
  );
  assert.deepEqual(documented, new Set(rules.map(({ alert }) => alert)));
});

test('the monitor asks the API’s service on a port that it has, with the token that it wants', () => {
  const objects = parseAllDocuments(read('infra/k8s/base/api.yaml')).map((document) => document.toJS());
  const { metadata, spec } = objects.find(({ kind }) => kind === 'Service');
  assert.equal(monitor.metadata.namespace, metadata.namespace);
  assert.deepEqual(monitor.spec.selector.matchLabels, metadata.labels);
  const [endpoint] = monitor.spec.endpoints;
  assert.ok(spec.ports.some(({ name }) => name === endpoint.port));
  const { name, key } = endpoint.authorization.credentials;
  const { spec: pod } = objects.find(({ kind }) => kind === 'Deployment').spec.template;
  assert.ok(pod.containers[0].envFrom.some(({ secretRef }) => secretRef?.name === name));
  assert.match(read('docs/operate.md'), new RegExp(`--from-literal=${key}=`));
});
