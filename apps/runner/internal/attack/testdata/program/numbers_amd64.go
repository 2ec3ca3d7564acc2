package main

// Numbers of system calls that package syscall does not have.
const (
	sysProcessVMReadv   = 310
	sysKcmp             = 312
	sysFinitModule      = 313
	sysSchedSetattr     = 314
	sysMemfdCreate      = 319
	sysKexecFileLoad    = 320
	sysBPF              = 321
	sysUserfaultfd      = 323
	sysIoprioSet        = 251
	sysAddKey           = 248
	sysRequestKey       = 249
	sysKeyctl           = 250
	sysUnshare          = 272
	sysPerfEventOpen    = 298
	sysPrlimit          = 302
	sysNameToHandleAt   = 303
	sysOpenByHandleAt   = 304
	sysClockAdjtime     = 305
	sysSetns            = 308
	sysPidfdSendSignal  = 424
	sysIoUringSetup     = 425
	sysOpenTree         = 428
	sysMoveMount        = 429
	sysFsopen           = 430
	sysFsmount          = 432
	sysPidfdOpen        = 434
	sysClone3           = 435
	sysPidfdGetfd       = 438
	sysMountSetattr     = 442
	sysMemfdSecret      = 447
	sysShmctl           = 31
	sysMqOpen           = 240
	sysSchedSetaffinity = 203
)
