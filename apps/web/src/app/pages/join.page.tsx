import { Join } from '../../features/welcome/index.ts';

/** `/join#token`. */
export function JoinPage() {
  return <Join />;
}
