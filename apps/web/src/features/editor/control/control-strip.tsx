import { TURN_NOTICE_MS } from '@lineage/collab';
import { Ellipsis, Eye, Keyboard, type LucideIcon, Navigation } from 'lucide-react';
import { lazy, Suspense, useEffect, useEffectEvent, useRef } from 'react';
import { useCommands } from '../../../shared/keyboard/index.ts';
import { announce, Button, clock, cx, ErrorLine, IconButton, useNow } from '../../../shared/ui/index.ts';
import { useReached } from '../../../shared/ui/reached.ts';
import type { RoomView } from '../room/room-connection.ts';
import { moreOffersFor, nextInTurn, offersFor, type Offer } from './control-offer.ts';
import css from './control-strip.module.css';
import { useControlTexts } from './control-texts.ts';
import { useRoomControl, type RoomControls } from './use-room-control.ts';

const loadMenu = () =>
  import('./control-menu.tsx').then(({ ControlMenu: component }) => ({ default: component }));
const ControlMenu = lazy(loadMenu);

/** Asks, hands over, takes back: whatever comes next about driving, from within the code too. */
export const DRIVE_KEYS = 'mod+shift+e';

/**
 * At the editor's edge while one drives: who, what oneself is, and the next thing to do about it. `refusedAt` counts
 * keys that were pressed in code that one may not change; each makes it say why.
 */
export function ControlStrip({ room, refusedAt }: { room: RoomView; refusedAt: number }) {
  const controls = useRoomControl(room);
  if (controls === null || controls.control.mode === 'free') return null;
  return <Strip controls={controls} refusedAt={refusedAt} />;
}

const icons: Readonly<Record<string, LucideIcon>> = {
  driver: Keyboard,
  lead: Keyboard,
  navigator: Navigation,
};

function Strip({ controls, refusedAt }: { controls: RoomControls; refusedAt: number }) {
  const { t } = useControlTexts();
  const { control, me, error, isBusy, send, nameOf } = controls;
  const offers = offersFor(control, me);
  const Icon = icons[me.role] ?? Eye;
  const words = sentences(controls, t);
  useSaid(controls, words, refusedAt);
  useDriveCommands(controls, offers);
  return (
    <section className={css.strip} data-role={me.role} aria-label={t('region')}>
      {refusedAt > 0 && <span key={refusedAt} className={css.flash} aria-hidden="true" />}
      <Icon size={15} aria-hidden="true" className={css.icon} />
      <p className={css.words}>
        {words.join(t('says.between'))}
        {me.role === 'navigator' && (
          <span className={css.hint}>
            {t('says.between')}
            {t('says.pointing')}
          </span>
        )}
      </p>
      {control.turnEndsAt !== null && <Turn controls={controls} endsAt={control.turnEndsAt} />}
      <span className={css.actions}>
        {offers.map((offer, index) => (
          <Button
            key={index}
            look={
              index === 0 && offer.label !== 'withdraw' && offer.label !== 'takeFrom' ? 'primary' : 'plain'
            }
            busy={isBusy}
            onClick={() => send(offer.command)}
          >
            {labelOf(offer, nameOf, t)}
          </Button>
        ))}
        <MoreButton controls={controls} />
      </span>
      {error !== null && <ErrorLine error={error} />}
    </section>
  );
}

type Translate = ReturnType<typeof useControlTexts>['t'];

const labelOf = ({ label, who }: Offer, nameOf: RoomControls['nameOf'], t: Translate): string =>
  t(`action.${label}`, who === null ? {} : { name: nameOf(who) ?? t('says.somebody') });

/** What is so now, a sentence each. */
function sentences({ control, me, nameOf }: RoomControls, t: Translate): string[] {
  const named = (id: string): string => nameOf(id) ?? t('says.somebody');
  const { driver, asking } = control;
  const said = [
    driver === null
      ? t('says.nobody')
      : driver === me.id
        ? t('says.youDrive')
        : t('says.drives', { name: named(driver) }),
  ];
  if (me.role !== 'driver') said.push(t(`says.${me.role}`));
  const others = asking.filter((id) => id !== me.id);
  if (asking.includes(me.id)) said.push(t('says.youAsked'));
  if (others[0] !== undefined) said.push(t('says.asks', { name: named(others[0]) }));
  if (others.length > 1) said.push(t('says.alsoAsk', { count: others.length - 1 }));
  return said;
}

function Turn({ controls, endsAt }: { controls: RoomControls; endsAt: number }) {
  const { t } = useControlTexts();
  const { control, drivers, me, nameOf } = controls;
  const leftMs = Math.max(0, endsAt - useNow(1_000));
  const next = nextInTurn(control, drivers);
  const isSoon = leftMs <= TURN_NOTICE_MS;
  useTurnNotice(isSoon, control.driver === me.id, next === me.id);
  return (
    <span className={cx(css.turn, isSoon && css.soon)}>
      <span className={css.clock}>{t('turn.left', { time: clock(leftMs / 1_000) })}</span>
      {next !== null && next !== me.id && (
        <span className={css.next}>{t('says.next', { name: nameOf(next) ?? t('says.somebody') })}</span>
      )}
    </span>
  );
}

/** Told once, to the two whom it concerns. */
function useTurnNotice(isSoon: boolean, isMine: boolean, isNext: boolean): void {
  const { t } = useControlTexts();
  const say = useEffectEvent(() => {
    const count = TURN_NOTICE_MS / 1_000;
    if (isMine) announce(t('turn.soonYou', { count }));
    else if (isNext) announce(t('turn.soonNext', { count }));
  });
  useEffect(() => {
    if (isSoon) say();
  }, [isSoon]);
}

/** Another driver is announced, and so is why a key did nothing. */
function useSaid({ control, me, nameOf }: RoomControls, words: readonly string[], refusedAt: number): void {
  const { t } = useControlTexts();
  const before = useRef(control.driver);
  const driverChanged = useEffectEvent((driver: string | null) => {
    if (driver === null) announce(t('announce.nobody'));
    else if (driver === me.id) announce(t('announce.youDrive'));
    else announce(t('announce.drives', { name: nameOf(driver) ?? t('says.somebody') }));
  });
  const refused = useEffectEvent(() =>
    announce(t('announce.refused', { why: words.slice(0, 2).join(t('says.between')) })),
  );
  useEffect(() => {
    if (before.current !== control.driver) driverChanged(control.driver);
    before.current = control.driver;
  }, [control.driver]);
  useEffect(() => {
    if (refusedAt > 0) refused();
  }, [refusedAt]);
}

function useDriveCommands(
  { control, me, drivers, nameOf, send }: RoomControls,
  offers: readonly Offer[],
): void {
  const { t } = useControlTexts();
  const group = t('group');
  useCommands([
    ...offers.map((offer, index) => ({
      id: `room.${offer.label}`,
      name: labelOf(offer, nameOf, t),
      ...(index === 0 ? { keys: DRIVE_KEYS } : {}),
      group,
      run: () => send(offer.command),
    })),
    {
      id: 'room.free',
      name: t('action.free'),
      group,
      enabled: moreOffersFor(control, me, drivers).canFree,
      run: () => send({ type: 'free' }),
    },
  ]);
}

function MoreButton({ controls }: { controls: RoomControls }) {
  const { t } = useControlTexts();
  const { wanted, handlers, button: ref } = useReached(loadMenu);
  const { control, me, drivers } = controls;
  const more = moreOffersFor(control, me, drivers);
  if (!more.canFree && !more.canSetTurns) return null;
  const button = (
    <IconButton ref={ref} name={t('action.more')} aria-haspopup="menu" {...handlers}>
      <Ellipsis size={16} />
    </IconButton>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <ControlMenu controls={controls} more={more} button={ref}>
        {button}
      </ControlMenu>
    </Suspense>
  );
}
