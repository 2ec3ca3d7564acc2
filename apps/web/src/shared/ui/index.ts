export { announce, LIVE_REGION_ID } from './announce.ts';
export { Avatar, Avatars } from './avatar.tsx';
export { Badge } from './badge.tsx';
export { Button, buttonClass, IconButton } from './button.tsx';
export { cx } from './class-names.ts';
export { Keys } from './kbd.tsx';
export { useCurrentFrame, usePageFrame, type PageFrame } from './page-frame.ts';
export { errorKind, ErrorLine, ErrorNotice, Notice, Skeleton } from './states.tsx';
export { clock, useNow } from './use-now.ts';
