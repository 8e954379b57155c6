package main

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"unsafe"
)

type terminal struct {
	master  *os.File
	command *exec.Cmd
}

func startTerminal(program string, arguments []string) (*terminal, error) {
	// Not blocking from the start, or reads would hold a thread each.
	fd, err := syscall.Open("/dev/ptmx", syscall.O_RDWR|syscall.O_NOCTTY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	var locked, number int32
	if err = ioctl(fd, syscall.TIOCSPTLCK, &locked); err == nil {
		err = ioctl(fd, syscall.TIOCGPTN, &number)
	}
	if err != nil {
		syscall.Close(fd)
		return nil, err
	}
	master := os.NewFile(uintptr(fd), "/dev/ptmx")
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(int(number)), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		master.Close()
		return nil, err
	}
	defer slave.Close()
	command := exec.Command(program, arguments...)
	command.Stdin, command.Stdout, command.Stderr = slave, slave, slave
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := command.Start(); err != nil {
		master.Close()
		return nil, err
	}
	go command.Wait()
	return &terminal{master, command}, nil
}

// Hangs up, which ends the programs in it.
func (t *terminal) end() {
	t.master.Close()
}

func ioctl(fd int, request uintptr, value *int32) error {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), request, uintptr(unsafe.Pointer(value)))
	if errno != 0 {
		return errno
	}
	return nil
}
