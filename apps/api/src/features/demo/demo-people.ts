import type { CohortRole, Persona, ProgrammeRole } from '@lineage/contracts';

export type DemoPerson = {
  readonly persona: string;
  readonly name: string;
  readonly role: CohortRole | ProgrammeRole;
  readonly label: Persona['label'];
  readonly groupName: string | null;
};

export const demoCohortTitle = 'Go from the inside · 秋季班';
export const demoClassTitle = 'Goroutines, scheduler, allocator · 协程、调度器与分配器';
export const demoGroupNames = ['Amber', '青竹'] as const;

/** Everybody who can be entered with one click. Only in demo mode, only on loopback. */
export const demoPeople: readonly DemoPerson[] = [
  person('instructor', '林清', 'instructor', { en: 'Instructor', 'zh-CN': '讲师' }),
  person('ana', 'Ana Souza', 'learner', { en: 'Learner', 'zh-CN': '学员' }, demoGroupNames[0]),
  person('bo', 'Bo Lindqvist', 'learner', { en: 'Learner', 'zh-CN': '学员' }, demoGroupNames[0]),
  person('chen', '陈思远', 'learner', { en: 'Learner', 'zh-CN': '学员' }, demoGroupNames[1]),
  person('dai', '戴雨薇', 'learner', { en: 'Learner', 'zh-CN': '学员' }, demoGroupNames[1]),
  person('mentor', 'Maya Okafor', 'mentor', { en: 'Mentor', 'zh-CN': '导师' }),
  person('owner', '周岚', 'owner', { en: 'Programme owner', 'zh-CN': '项目负责人' }),
  person('operator', 'Jonas Weber', 'operator', { en: 'Operator', 'zh-CN': '运维' }),
];

/** `.invalid` can never be somebody's address (RFC 2606). */
export const demoEmailOf = (persona: string): string => `${persona}@demo.invalid`;

function person(
  persona: string,
  name: string,
  role: DemoPerson['role'],
  label: Persona['label'],
  groupName: string | null = null,
): DemoPerson {
  return { persona, name, role, label, groupName };
}
