package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// packages fetches the Debian packages of boards into the cache and unpacks them there.
// Nothing is installed, and the computer's own apt is left alone: apt works on a root of
// its own, and checks the archive's signatures as ever.
func packages(ctx context.Context, boards, cache string, names []string) error {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return err
	}
	wanted := map[string][]string{} // by architecture
	for _, name := range names {
		b, err := readBoard(boards, name)
		if err != nil {
			return err
		}
		for _, p := range append([]string{b.Image.Kernel}, b.Image.Packages...) {
			if !slices.Contains(wanted[b.Image.Arch], p) {
				wanted[b.Image.Arch] = append(wanted[b.Image.Arch], p)
			}
		}
	}
	apt, err := newApt(cache)
	if err != nil {
		return err
	}
	if err := apt.run(ctx, cache, "apt-get", "-qq", "update"); err != nil {
		// Once more: archives are now and then caught while they change.
		if err := apt.run(ctx, cache, "apt-get", "-qq", "update"); err != nil {
			return err
		}
	}
	for arch, list := range wanted {
		for _, p := range list {
			if err := apt.fetch(ctx, cache, arch, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// apt is an apt root of our own.
type apt struct{ config string }

// sources are Debian 12's. Its security archive has had a broken index for armhf.
const sources = `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=arm64,armhf] http://deb.debian.org/debian bookworm main non-free-firmware
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=arm64] http://deb.debian.org/debian-security bookworm-security main non-free-firmware
`

func newApt(cache string) (apt, error) {
	root := filepath.Join(cache, "apt")
	for _, dir := range []string{"lists/partial", "archives/partial"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			return apt{}, err
		}
	}
	config := fmt.Sprintf(`APT::Architecture "arm64";
APT::Architectures {"arm64";"armhf";};
APT::Sandbox::User "";
Dir::Etc::sourcelist "%[1]s/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::Lists "%[1]s/lists";
Dir::State::status "%[1]s/status";
Dir::Cache "%[1]s";
Acquire::Retries "3";
`, root)
	for name, text := range map[string]string{"sources.list": sources, "status": "", "apt.conf": config} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			return apt{}, err
		}
	}
	return apt{filepath.Join(root, "apt.conf")}, nil
}

func (a apt) run(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "APT_CONFIG="+a.config)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// fetch fetches a package, or the one that an empty package stands for, and unpacks it
// under cache/ARCH/PACKAGE. What is there already in the same version stays.
func (a apt) fetch(ctx context.Context, cache, arch, name string) error {
	cmd := exec.CommandContext(ctx, "apt-cache", "depends", "--no-recommends", "--no-suggests", name+":"+arch)
	cmd.Env = append(os.Environ(), "APT_CONFIG="+a.config)
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("package %s for %s: %w", name, arch, err)
	}
	real := name
	for line := range strings.Lines(string(out)) {
		if dep, found := strings.CutPrefix(strings.TrimSpace(line), "Depends: "); found && strings.HasPrefix(name, "linux-image-") && strings.HasPrefix(dep, "linux-image-") {
			real, _, _ = strings.Cut(dep, ":")
		}
	}
	dir := filepath.Join(cache, arch, name)
	debs := filepath.Join(cache, "debs", arch)
	if err := os.MkdirAll(debs, 0o755); err != nil {
		return err
	}
	if err := a.run(ctx, debs, "apt-get", "-qq", "download", real+":"+arch); err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(debs, real+"_*.deb"))
	if err != nil || len(found) == 0 {
		return fmt.Errorf("package %s did not come", real)
	}
	slices.Sort(found)
	deb := found[len(found)-1]
	if done, err := os.ReadFile(filepath.Join(dir, ".package")); err == nil && string(done) == filepath.Base(deb) {
		return nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := a.run(ctx, dir, "dpkg-deb", "-x", deb, dir); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, ".package"), []byte(filepath.Base(deb)), 0o644)
}
