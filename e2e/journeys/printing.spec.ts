import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { runFromMenu, write } from '../support/code.ts';
import { enter } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

const withoutEnd = `package main

import (
	"fmt"
	"time"
)

func main() {
	for n := 0; ; n++ {
		fmt.Println("line", n, "of a program that does not know when to stop")
		if n%1000 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
}
`;

test('a program that prints without end is seen to print, by both of a pair, until it is stopped', async ({
  browser,
}) => {
  const [one, other] = await otherPair();
  const first = await enter(browser, one, { reducedMotion: 'reduce' });
  const second = await enter(browser, other, { reducedMotion: 'reduce', locale: 'zh-CN' });
  const path = `/workspaces/${await workspaceOf(first.context, '1.1')}`;
  const asked: string[] = [];
  second.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => void asked.push(String(payload))),
  );
  await ready(first.page, path);
  await ready(second.page, path);
  await write(first.page, 'main.go', withoutEnd);
  const before = asked.length;
  await runFromMenu(first.page, /^Run Compile/);
  const now = first.page.getByRole('region', { name: /^Too much to keep/ });
  await expect(now).toContainText(/line \d{5,}/, { timeout: 60_000 });
  const seen = await now.textContent();
  await expect(now).not.toHaveText(seen ?? '');
  await expect(second.page.getByRole('region', { name: /^输出太多/ })).toContainText(/line \d{5,}/);
  // What the other one of the pair is shown came unasked.
  expect(asked.slice(before).filter((frame) => frame.includes('["watch",{"stream":"run"'))).toEqual([]);
  expect(asked.some((frame) => frame.includes('["watch",{"stream":"workspace"'))).toBe(true);
  await expectAccessible(first.page, 'printing');
  // Nor is anything lost by who goes away and comes back while it prints.
  const there = second.page.getByRole('region', { name: /^输出太多/ });
  await second.page.getByRole('link', { name: '今天', exact: true }).first().click();
  await expect(there).toBeHidden();
  await second.page.goBack();
  const again = await there.textContent();
  await expect(there).not.toHaveText(again ?? '');
  await first.page.getByRole('button', { name: /^Stop/ }).first().click();
  await expect(now).toBeHidden();
  // Whoever read along sees what it said last, beyond what was left out.
  await expect(
    first.page.getByText(/^line \d{6,} of a program that does not know when to stop$/).last(),
  ).toBeInViewport();
  await Promise.all([first.context.close(), second.context.close()]);
});
