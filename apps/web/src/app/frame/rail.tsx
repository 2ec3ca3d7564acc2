import type { Me } from '@lineage/contracts';
import { CalendarDays, Code2, House, Presentation, Server, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { cx } from '../../shared/ui/index.ts';
import { useLastPlace } from '../../shared/ui/last-place.ts';
import css from './rail.module.css';

/** The places of the product; a bar at the bottom of a phone. */
export function Rail({ me, narrow }: { me: Me; narrow: boolean }) {
  const { t } = useTranslation('app');
  const last = useLastPlace(me.account.id);
  const live = me.liveClassSessionIds[0];
  const classSessionId = live ?? last.classSessionId;
  return (
    <nav className={cx(css.rail, narrow && css.narrow)} aria-label={t('frame.places')}>
      <Place href={places.home} icon={<House size={16} />} name={t('nav.today')} />
      {classSessionId !== undefined && (
        <Place
          href={places.classSession(classSessionId)}
          icon={<Presentation size={16} />}
          name={t('nav.class')}
          live={live !== undefined}
        />
      )}
      {last.workspaceId !== undefined && (
        <Place
          href={places.workspace(last.workspaceId)}
          icon={<Code2 size={16} />}
          name={t('nav.workspace')}
        />
      )}
      {me.memberships.length === 1 && me.memberships[0] !== undefined ? (
        <Place
          href={places.cohort(me.memberships[0].cohortId)}
          icon={<Users size={16} />}
          name={t('nav.cohort')}
        />
      ) : (
        <Place href={places.cohorts} icon={<CalendarDays size={16} />} name={t('nav.cohorts')} />
      )}
      {me.programmeRoles.length > 0 && (
        <Place href={places.operations} icon={<Server size={16} />} name={t('nav.operations')} />
      )}
    </nav>
  );
}

function Place({
  href,
  icon,
  name,
  live = false,
}: {
  href: string;
  icon: ReactNode;
  name: string;
  live?: boolean;
}) {
  const { t } = useTranslation('app');
  return (
    <Link to={href} className={css.place} title={name}>
      <span className={css.icon} aria-hidden="true">
        {icon}
        {live && <span className={css.live} />}
      </span>
      <span className={css.name}>{name}</span>
      {live && <span className="ln-hidden">{t('frame.live')}</span>}
    </Link>
  );
}
