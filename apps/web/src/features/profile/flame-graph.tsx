import { boxAt, formatShare, formatValue, layoutTree, searchTree, shortName } from '@lineage/pprof';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import css from './flame-graph.module.css';
import { moveFocus, type Direction } from './move-focus.ts';
import { paintFlame, ROW_PX } from './paint-flame.ts';
import type { ProfileFacts, ProfileSlice } from './profile-messages.ts';
import { useBox, useIsDark } from '../../shared/ui/use-box.ts';
import { useKeptNode } from './use-kept-node.ts';

type Props = {
  of: string;
  /** Put on the drawing when it stands; null for what is no artifact. */
  artifactId: string | null;
  facts: ProfileFacts;
  slice: ProfileSlice;
  query: string;
  zoom: number;
  onZoom: (node: number) => void;
  onOpen: (node: number) => void;
};

const directions: Partial<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The root on top, callees below, as wide as what they cost. A table says the same to those who cannot see it. */
export function FlameGraph({ of, artifactId, facts, slice, query, zoom, onZoom, onOpen }: Props) {
  const { t } = useTranslation('profile');
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useKeptNode(of, facts, slice.tree);
  // The number of a node means something in one tree only.
  const [hovered, setHovered] = useState({ slice, node: -1 });
  const hover = hovered.slice === slice ? hovered.node : -1;
  const setHover = (node: number): void => setHovered({ slice, node });
  const sentenceId = useId();
  const [scrollTop, setScrollTop] = useState(0);
  const [painted, setPainted] = useState<string | null>(null);
  const { width, height } = useBox(scroller);
  const dark = useIsDark();
  const { tree } = slice;
  const layout = useMemo(() => layoutTree(tree, { zoom, widthPx: Math.max(width, 1) }), [tree, zoom, width]);
  const found = useMemo(
    () => (query.trim() === '' ? null : searchTree(tree, facts.functions, query).nodes),
    [tree, facts, query],
  );
  const fullHeight = layout.rows * ROW_PX;
  const say = useSentence(facts, slice);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null || width === 0) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const font = `12px ${getComputedStyle(element).fontFamily}`;
    paintFlame({
      context,
      tree,
      layout,
      functions: facts.functions,
      zoom,
      focus,
      hover,
      found,
      scrollTop,
      width,
      height,
      dark,
      rootName: t('all'),
      font,
    });
  });
  useEffect(() => {
    if (width === 0) return;
    // Two frames on, what was drawn is on the screen.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setPainted(artifactId));
    });
    return () => cancelAnimationFrame(frame);
  }, [artifactId, slice, width]);

  const nodeAt = (event: PointerEvent | React.MouseEvent): number => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return -1;
    const row = Math.floor((event.clientY - box.top + scrollTop) / ROW_PX);
    const at = boxAt(layout, row, event.clientX - box.left);
    return at < 0 ? -1 : (layout.node[at] ?? -1);
  };
  const goTo = (node: number): void => {
    setFocus(node);
    const top = (tree.depth[node] ?? 0) * ROW_PX;
    const element = scroller.current;
    if (element === null) return;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + ROW_PX > element.scrollTop + height) element.scrollTop = top + ROW_PX - height;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = directions[event.key];
    if (direction !== undefined) goTo(moveFocus(tree, focus, direction));
    else if (event.key === 'Enter') onZoom(focus);
    else if (event.key === 'Escape' && zoom > 0) onZoom(Math.max(tree.parent[zoom] ?? 0, 0));
    else if (event.key === 'o') onOpen(focus);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = hover >= 0 ? hover : focus;
  const type = facts.sampleTypes[slice.type]?.type ?? '';
  return (
    <div className={css.graph} {...(painted === null ? {} : { 'data-painted': painted })}>
      <div
        ref={scroller}
        className={css.scroller}
        tabIndex={0}
        role="application"
        aria-label={t('graphName', { type })}
        aria-describedby={sentenceId}
        onKeyDown={onKeyDown}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <div style={{ height: fullHeight }} className={css.full}>
          <canvas
            ref={canvas}
            className={css.canvas}
            style={{ width, height }}
            onPointerMove={(event) => setHover(nodeAt(event))}
            onPointerLeave={() => setHover(-1)}
            onClick={(event) => {
              const node = nodeAt(event);
              if (node < 0) return;
              setFocus(node);
              onOpen(node);
            }}
            onDoubleClick={(event) => {
              const node = nodeAt(event);
              if (node >= 0) onZoom(node);
            }}
          />
        </div>
      </div>
      <p className={css.sentence} id={sentenceId}>
        {say(shown)}
      </p>
      {/* What the keys reach is spoken; what the pointer passes is not. */}
      <p className="ln-hidden" aria-live="polite">
        {focus > 0 ? say(focus) : ''}
      </p>
    </div>
  );
}

function useSentence(facts: ProfileFacts, slice: ProfileSlice): (node: number) => string {
  const { t } = useTranslation('profile');
  const { locale } = useFormat();
  const { tree, type, total } = slice;
  const unit = facts.sampleTypes[type]?.unit ?? '';
  const share = (value: number): string => formatShare(total === 0 ? 0 : value / total, locale);
  return (node) => {
    const whole = tree.total[node] ?? 0;
    const self = tree.self[node] ?? 0;
    const name = node === 0 ? t('all') : shortName(facts.functions[tree.functionId[node] ?? 0] ?? '');
    return t('frame', {
      name,
      total: formatValue(whole, unit, locale),
      totalShare: share(whole),
      self: formatValue(self, unit, locale),
      selfShare: share(self),
    });
  };
}
