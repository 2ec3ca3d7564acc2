package sandbox

import (
	"syscall"
	"testing"
)

func TestEachFileCountsOnceWhateverFileSystemItIsIn(t *testing.T) {
	const blocks = 8
	sum := diskSum{limit: 1 << 20, counted: map[inode]bool{}}
	for _, stat := range []syscall.Stat_t{
		{Dev: 1, Ino: 7, Blocks: blocks},
		{Dev: 1, Ino: 7, Blocks: blocks}, // another name of it
		{Dev: 2, Ino: 7, Blocks: blocks},
		{Dev: 1, Ino: 8, Blocks: blocks},
	} {
		sum.add(&stat)
	}
	if sum.bytes != 3*blocks*blockSize || sum.files != 4 || sum.over {
		t.Error(sum.bytes, sum.files, sum.over)
	}
}
