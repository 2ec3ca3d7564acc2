import { Check, CircleDashed, CircleSlash, LoaderCircle, Play, X } from 'lucide-react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { cx, IconButton, Notice } from '../../shared/ui/index.ts';
import type { RunFold, TestNode } from './fold-run.ts';
import { OutputLineView, type Source } from './output-line.tsx';
import { outputLines } from './output-lines.ts';
import { Verdict } from './output-pane.tsx';
import { PlaceInSource } from './place-in-source.tsx';
import css from './tests-pane.module.css';
import { useDuration } from './use-duration.ts';

const icons = {
  started: LoaderCircle,
  passed: Check,
  failed: X,
  skipped: CircleSlash,
  missing: CircleDashed,
};

type RunTest = ((fullName: string) => void) | null;
type Props = {
  fold: RunFold;
  source: Source;
  /** Null where a test cannot be run by itself. */ onRunTest: RunTest;
};

/** Tests as a tree, failures with what they said. */
export function TestsPane({ fold, source, onRunTest }: Props) {
  const { t } = useTranslation('runs');
  if (fold.tests.length === 0 && fold.diagnostics.length === 0) {
    return (
      <Notice title={t('noTests')}>
        <p>{t('noTestsHint')}</p>
      </Notice>
    );
  }
  return (
    <div className={css.pane} tabIndex={0} role="region" aria-label={t('tabs.tests')}>
      <Verdict fold={fold} />
      {fold.shuffleSeed !== null && (
        <p className={css.outcome}>{t('shuffled', { seed: fold.shuffleSeed })}</p>
      )}
      {fold.diagnostics.map((problem, at) => (
        <p key={at} className={css.problem}>
          <PlaceInSource file={problem.path} line={problem.line} source={source}>
            {problem.path}:{problem.line}
          </PlaceInSource>{' '}
          {problem.message}
        </p>
      ))}
      <Tests nodes={fold.tests} source={source} onRunTest={onRunTest} />
    </div>
  );
}

type TestsProps = { nodes: readonly TestNode[]; source: Source; onRunTest: RunTest };

function Tests({ nodes, source, onRunTest }: TestsProps) {
  const { t } = useTranslation('runs');
  const duration = useDuration();
  return (
    <ul className={css.tests}>
      {nodes.map((node) => {
        const Icon = icons[node.outcome];
        const isBad = node.outcome === 'failed' || node.outcome === 'missing';
        return (
          <li key={node.fullName}>
            <div className={css.test}>
              <Icon
                size={14}
                aria-hidden="true"
                className={cx(isBad ? css.bad : node.outcome === 'passed' && css.ok)}
              />
              <code>{node.name}</code>
              <span className={cx(css.outcome, isBad && css.bad)}>{t(`outcome.${node.outcome}`)}</span>
              <span className={css.time}>{duration(node.durationMs)}</span>
              {onRunTest !== null && (
                <IconButton
                  name={t('runTest', { name: node.fullName })}
                  className={css.runOne}
                  onClick={() => onRunTest(node.fullName)}
                >
                  <Play size={13} aria-hidden="true" />
                </IconButton>
              )}
            </div>
            {isBad && node.output.trim() !== '' && (
              <div className={css.output}>
                {outputLines([{ stream: 'stdout', text: node.output, droppedBefore: 0 }]).map((line, at) => (
                  <OutputLineView key={at} line={line} source={source} />
                ))}
              </div>
            )}
            {node.tests.length > 0 && <Tests nodes={node.tests} source={source} onRunTest={onRunTest} />}
          </li>
        );
      })}
    </ul>
  );
}
