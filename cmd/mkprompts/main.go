// Mkprompts makes the box's sounds on a build host: it has the catalogue of
// telephony/speech spoken by espeak-ng, shapes every unit for the telephone,
// plays the signals of conferences from notes, and writes one prompt pack and the
// script that was spoken, for whoever records the units with a better voice. The same
// program with the same espeak-ng writes the same bytes.
//
// Shaping is the same for every unit: 200 to 3400 Hz at 8000 samples per second,
// silence cut off at both ends, and speech at one level (see speechLevel).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/pasokh/pasokh/telephony/speech"
)

func main() {
	pack := flag.String("o", "prompts.pack", "pack to write")
	script := flag.String("script", "prompts.tsv", "script to write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *pack, *script); err != nil {
		fmt.Fprintln(os.Stderr, "mkprompts:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, pack, script string) error {
	sounds := signals()
	lines := lines()
	for _, l := range lines {
		pcm, err := l.speak(ctx)
		if err != nil {
			return err
		}
		sounds[l.name] = pcm
	}
	data := speech.Build(sounds)
	if _, err := speech.Parse(data); err != nil {
		return fmt.Errorf("check the new pack: %w", err)
	}
	if err := replace(pack, data); err != nil {
		return err
	}
	fmt.Printf("%s: %d sounds, %d bytes\n", pack, len(sounds), len(data))
	return replace(script, []byte(scriptOf(lines)))
}

// line is one unit in one language.
type line struct {
	name, lang string
	text       string // as people write it
	spelled    string // as the synthesiser must be told
}

// lines are all units in all languages.
func lines() (all []line) {
	for _, lang := range speech.Languages() {
		for _, u := range speech.Catalogue() {
			if text := u.Text(lang); text != "" {
				all = append(all, line{lang + "/" + u.Key, lang, text, spell(lang, text)})
			}
		}
	}
	return all
}

// scriptOf is the script: name, text and spelling, a unit per line.
func scriptOf(lines []line) string {
	var b strings.Builder
	b.WriteString("unit\ttext\tas told to espeak-ng\n")
	for _, l := range lines {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", l.name, l.text, l.spelled)
	}
	return b.String()
}

// replace writes a file aside and renames it, so that a build never embeds half a file.
func replace(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".mkprompts-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
