// Command boximage makes what a box is flashed and updated with, on any Linux computer,
// without root's powers.
//
//	boximage packages --boards DIR --cache DIR BOARD...   fetch kernels and firmware from Debian
//	boximage make --board DIR --cache DIR --pasokh FILE --boxinit FILE --version V --key FILE --out DIR
//	boximage key --out FILE                              make a key that signs updates
//
// The parts: a private apt root fetches Debian's kernel packages for the board's
// processor (debian.go); the drivers that the board lists are picked with what they need
// (modules.go); kernel, initramfs and root file system become a slot (slot.go); slots
// become the disk (disk.go) and the signed update. The same inputs give the same bytes:
// every time in them is the version's.
package main

import (
	"context"
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "boximage:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("packages, make or key?")
	}
	f := flag.NewFlagSet("boximage "+args[0], flag.ContinueOnError)
	boards := f.String("boards", "board", "folder of the boards")
	cache := f.String("cache", "build/image/cache", "folder that keeps packages")
	board := f.String("board", "", "the board's name")
	pasokh := f.String("pasokh", "", "program, built for the board")
	boxinit := f.String("boxinit", "", "process 1, built for the board")
	version := f.String("version", "", "version")
	serial := f.Int64("serial", 0, "the version's time, in seconds since 1970")
	key := f.String("key", "", "file with the key that signs updates")
	out := f.String("out", "", "where the result goes")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "packages":
		return packages(ctx, *boards, *cache, f.Args())
	case "key":
		return makeKey(*out)
	case "make":
		b, err := readBoard(*boards, *board)
		if err != nil {
			return err
		}
		k, err := readKey(*key)
		if err != nil {
			return err
		}
		m := maker{board: b, cache: *cache, pasokh: *pasokh, boxinit: *boxinit, version: *version, serial: *serial, key: k, out: *out}
		return m.make(ctx)
	}
	return fmt.Errorf("unknown command %q", args[0])
}

const keyType = "PASOKH UPDATE KEY"

func makeKey(path string) error {
	_, k, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(pem.Encode(f, &pem.Block{Type: keyType, Bytes: k.Seed()}), f.Close())
}

func readKey(path string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	b, _ := pem.Decode(text)
	if b == nil || b.Type != keyType || len(b.Bytes) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s is no key that signs updates; make one with boximage key", path)
	}
	return ed25519.NewKeyFromSeed(b.Bytes), nil
}
