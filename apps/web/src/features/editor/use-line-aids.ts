import type { EditorView } from '@codemirror/view';
import { useEffect, useMemo, useState } from 'react';
import type { CoveredText } from './codemirror/line-coverage.ts';
import type { LineRemark } from './codemirror/line-remarks.ts';
import type { TestRunner } from './codemirror/test-marks.ts';
import { fileNamed } from './state/shown-file.ts';

/** What is shown beside lines for those who look for it. Nothing of it is loaded before there is something. */
export type LineAids = {
  readonly remarks: readonly (LineRemark & { readonly path: string })[];
  /** What the tests of the shown run covered. */
  readonly coverage: readonly (CoveredText & { readonly path: string })[];
  /** Null where tests cannot be run. */
  readonly tests: TestRunner | null;
};

/** Shows what belongs to this file beside its lines. */
export function useLineAids(view: EditorView | null, path: string, aids: LineAids | undefined): void {
  const remarks = useMemo(() => ofFile(aids?.remarks ?? [], path), [aids?.remarks, path]);
  const showRemarks = useLoaded(remarks.length > 0, loadRemarks);
  useEffect(() => {
    if (view !== null) showRemarks?.(view, remarks);
  }, [view, showRemarks, remarks]);
  const coverage = useMemo(() => ofFile(aids?.coverage ?? [], path)[0] ?? null, [aids?.coverage, path]);
  const showCoverage = useLoaded(coverage !== null, loadCoverage);
  useEffect(() => {
    if (view !== null) showCoverage?.(view, coverage);
  }, [view, showCoverage, coverage]);
  const tests = path.endsWith('_test.go') ? (aids?.tests ?? null) : null;
  const showTests = useLoaded(tests !== null, loadTests);
  useEffect(() => {
    if (view !== null) showTests?.(view, tests);
  }, [view, showTests, tests]);
}

const loadRemarks = () => import('./codemirror/line-remarks.ts').then(({ showRemarks }) => showRemarks);
const loadCoverage = () => import('./codemirror/line-coverage.ts').then(({ showCoverage }) => showCoverage);
const loadTests = () => import('./codemirror/test-marks.ts').then(({ showTests }) => showTests);

function ofFile<Entry extends { readonly path: string }>(all: readonly Entry[], path: string): Entry[] {
  return all.filter((entry) => fileNamed([{ id: '', path }], entry.path) !== null);
}

/** What `load` gives, from the first time on that it is wanted. */
function useLoaded<Value>(wanted: boolean, load: () => Promise<Value>): Value | null {
  const [loaded, setLoaded] = useState<{ value: Value } | null>(null);
  const missing = wanted && loaded === null;
  useEffect(() => {
    if (!missing) return;
    let gone = false;
    load().then((value) => {
      if (!gone) setLoaded({ value });
    }, reportError);
    return () => {
      gone = true;
    };
  }, [missing, load]);
  return loaded?.value ?? null;
}
