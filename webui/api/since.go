package api

import (
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
)

// since puts an edit in force over whatever is set now, as one revision. Who says with
// If-Match which revision he has looked at is refused with ErrOvertaken if part, what his
// edit is about, has been changed by somebody since; changes elsewhere do no harm.
func (r *Rooms) since(req *http.Request, part func(*config.Config) any, edit func(*config.Config), note string) error {
	seen := strings.Trim(req.Header.Get("If-Match"), `"`)
	base, err := strconv.Atoi(seen)
	if err != nil && seen != "" {
		return ErrValue.Of("If-Match")
	}
	for {
		now, rev := r.Changes.Current()
		if seen != "" && base != rev {
			old, _, err := r.Changes.At(base)
			if err != nil || !alike(part(old), part(now)) {
				return ErrOvertaken
			}
		}
		fresh := *now
		edit(&fresh)
		_, err := r.Changes.Propose(&fresh, rev, User(req.Context()), note)
		switch {
		case errors.Is(err, config.ErrConflict):
			continue // somebody was faster: look again
		case errors.Is(err, config.ErrOnTrial):
			return ErrOnTrial
		}
		return err
	}
}

// alike tells that the file has the same of two parts of configurations.
func alike(a, b any) bool {
	x, err := config.Plain(a)
	y, wrong := config.Plain(b)
	return err == nil && wrong == nil && reflect.DeepEqual(x, y)
}

// sinceParam is since's, of routes where it may be missing.
var sinceParam = Param{Name: ifMatch.Name, About: ifMatch.About + " Without it the last one to write is right.", In: ifMatch.In, Type: ifMatch.Type}
