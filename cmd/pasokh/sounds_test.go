package main

import (
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// TestOwnMusic is a business with music of its own in the whole box: a stereo file
// that sox made is uploaded by the command line and becomes the hold music; a caller
// hears it, and a tone of the configuration takes effect without a restart. A sound
// in use is not deleted, and a letter is no music.
func TestOwnMusic(t *testing.T) {
	needTool(t, "sox")
	t.Parallel()
	d := startDemo(t)
	song := filepath.Join(t.TempDir(), "Spring rain.wav")
	if out, err := exec.Command("sox", "-n", "-r", "44100", "-b", "24", "-c", "2", song, "synth", "20", "sine", "600-1900", "tremolo", "3", "60", "vol", "0.2").CombinedOutput(); err != nil {
		t.Fatalf("sox: %v %s", err, out)
	}
	sounds := func(words ...string) string {
		out, err := exec.Command(program(t, "pasokh"), append([]string{"sounds", "--data", d.dir}, words...)...).CombinedOutput()
		if err != nil {
			return "failed: " + string(out)
		}
		return string(out)
	}
	id, _, ok := strings.Cut(sounds("add", song), " is Spring rain")
	if !ok {
		t.Fatalf("pasokh sounds add: %q", id)
	}
	if list := sounds("list"); !strings.Contains(list, id) || !strings.Contains(list, "20s") || !strings.Contains(list, "ready") {
		t.Errorf("pasokh sounds list:\n%s", list)
	}
	var l api.SoundList
	d.call(http.MethodPost, "/api/music", api.MusicClass{Name: "default", Files: []string{id}, Order: "sequence"}, &l)
	if len(l.Music) != 1 || len(l.Sounds) != 1 || len(l.Sounds[0].UsedBy) != 1 {
		t.Errorf("%+v %+v", l.Music, l.Sounds)
	}
	if out := sounds("remove", id); !strings.Contains(out, "in use: music default") {
		t.Errorf("removed while in use: %q", out)
	}
	letter := filepath.Join(t.TempDir(), "letter.mp3")
	write(t, letter, "Dear aunt, this is not music at all.")
	if out := sounds("add", letter); !strings.Contains(out, "neither a WAV nor an MP3") {
		t.Errorf("a letter: %q", out)
	}

	c := newHandset(d, "1001", toneA).call(d.env["EXT_MUSIC"])
	up(t, c)
	resampled := filepath.Join(t.TempDir(), "ear.wav") // sox, not the box, makes what is compared with
	if out, err := exec.Command("sox", song, "-r", "8000", "-b", "16", "-c", "1", resampled).CombinedOutput(); err != nil {
		t.Fatalf("sox: %v %s", err, out)
	}
	data, err := os.ReadFile(resampled)
	if err != nil {
		t.Fatal(err)
	}
	original := parseWAV(t, data)
	eventually(t, 15*time.Second, "the uploaded music", func() bool {
		heard := c.Audio().Heard()
		return len(heard) > 16000 && correlation(original, heard[len(heard)-4000:]) > 0.95
	})
	heard := c.Audio().Heard()
	sum := 0.0
	for _, x := range heard[len(heard)-8000:] {
		sum += float64(x) * float64(x) / (1 << 30)
	}
	if level := 10 * math.Log10(sum/8000); level < -27 || level > -17 {
		t.Errorf("heard at %.1f dB, want about -22", level)
	}
	d.call(http.MethodPost, "/api/music/default/delete", nil, &l)
	if out := sounds("remove", id); strings.HasPrefix(out, "failed") {
		t.Errorf("not removed: %q", out)
	}
}

// TestUploadOnThePage walks through the page in both languages: an upload that
// becomes a sound, a file that is refused in words, another name, and gone again.
func TestUploadOnThePage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	tone, _ := filepath.Abs("../../telephony/sound/testdata/tone.mp3")
	letter := filepath.Join(t.TempDir(), "letter.wav")
	write(t, letter, "Dear aunt, this is not music at all.")
	for lang, refused := range map[string]string{"fa": "این فایل نه WAV است", "en": "neither a WAV nor an MP3"} {
		p.do(map[string]any{"do": "lang", "lang": lang})
		p.do(map[string]any{"do": "file", "testid": "sound-file", "path": tone})
		p.do(map[string]any{"do": "wait", "testid": "sound", "state": "ready", "contains": "tone", "timeout": 30000})
		p.do(map[string]any{"do": "axe"})
		p.do(map[string]any{"do": "click", "testid": "sound-rename"})
		p.do(map[string]any{"do": "fill", "testid": "sound-name", "value": "نوروز " + lang})
		p.do(map[string]any{"do": "click", "testid": "sound-rename"})
		p.sees("sound", "نوروز "+lang)
		p.do(map[string]any{"do": "click", "testid": "sound-delete"})
		p.do(map[string]any{"do": "wait", "testid": "sound", "gone": true})
		p.do(map[string]any{"do": "file", "testid": "sound-file", "path": letter})
		p.do(map[string]any{"do": "wait", "testid": "sound", "state": "failed", "contains": refused, "timeout": 30000})
		p.do(map[string]any{"do": "click", "testid": "sound-delete"})
		p.do(map[string]any{"do": "wait", "testid": "sound", "gone": true})
	}
}
