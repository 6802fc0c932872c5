package api

import (
	"net/http"
	"time"

	"github.com/pasokh/pasokh/telephony/figures"
)

// form is a form of tables that a browser saves.
type form struct {
	kind, suffix string
	table        func(w http.ResponseWriter, name, lang string) figures.Table
}

var (
	asCSV = form{string(csvFile) + "; charset=utf-8", ".csv",
		func(w http.ResponseWriter, _, _ string) figures.Table { return figures.NewSheet(w) }}
	asXLSX = form{string(xlsxFile), ".xlsx",
		func(w http.ResponseWriter, name, lang string) figures.Table {
			return figures.NewWorkbook(w, name, lang)
		}}
)

// begin makes the answer a file of a form. Errors of its rows say that who asked has gone.
func (f form) begin(w http.ResponseWriter, name, lang string) figures.Table {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+f.suffix+`"`)
	h.Set("Cache-Control", "no-store")
	return f.table(w, name, lang)
}

func (r *Rooms) reportAs(f form) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, req *http.Request) error {
		report, err := r.report(req)
		if err != nil {
			return err
		}
		lang := string(Lang(req))
		_ = report.Write(f.begin(w, "report-"+report.From.Format(time.DateOnly), lang), lang)
		return nil
	}
}

func (r *Rooms) contactsAs(f form) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, req *http.Request) error {
		found, err := r.contacts(req, 0, mostContacts)
		if err != nil {
			return err
		}
		lang := string(Lang(req))
		_ = figures.WriteContacts(f.begin(w, "contacts", lang), found.Contacts, r.Reports.Zone(), lang)
		return nil
	}
}

// recordsAs sends all calls that fit, newest first, as they are found.
func (r *Rooms) recordsAs(f form) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, req *http.Request) error {
		q, err := r.listOf(req)
		if err != nil {
			return err
		}
		q.Limit = maxRecords
		found, more, err := r.recordsSeen(req.Context(), q)
		if err != nil {
			return err
		}
		lang, zone := string(Lang(req)), r.Reports.Zone()
		to := f.begin(w, "calls", lang)
		err = figures.CallsHead(to, lang)
		for n := 0; err == nil && len(found) > 0; n += len(found) {
			for i := range found {
				if err := figures.WriteCall(to, &found[i], zone, lang); err != nil {
					return nil
				}
			}
			if !more || n > mostContacts {
				break
			}
			q.To = found[len(found)-1].Started
			found, more, err = r.recordsSeen(req.Context(), q)
		}
		_ = to.Close()
		return nil
	}
}
