package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/sound"
)

// Error is a refusal. Compare with errors.Is: two errors with the same code are
// the same refusal.
type Error struct {
	Status int    // HTTP status
	Code   string // stable name
	Field  string // the part of the request that is wrong; may be empty
	// Retry is how long the caller should wait, when waiting helps.
	Retry  time.Duration
	en, fa string
}

// The refusals.
var (
	ErrSignIn        = &Error{Status: http.StatusUnauthorized, Code: "sign-in", en: "Please sign in.", fa: "لطفاً وارد شوید."}
	ErrPassword      = &Error{Status: http.StatusUnauthorized, Code: "wrong-password", en: "That user name and password do not go together.", fa: "نام کاربری یا گذرواژه درست نیست."}
	ErrSecond        = &Error{Status: http.StatusUnauthorized, Code: "second-step", Field: "code", en: "Enter the code that your phone shows.", fa: "کدی را که تلفن شما نشان می‌دهد وارد کنید."}
	ErrCode          = &Error{Status: http.StatusUnauthorized, Code: "wrong-code", Field: "code", en: "That code is wrong, or has been used. Wait for the next one.", fa: "این کد نادرست است یا استفاده شده است. کد بعدی را وارد کنید."}
	ErrInvitation    = &Error{Status: http.StatusForbidden, Code: "wrong-invitation", Field: "invitation", en: "This invitation is wrong, used or too old. Ask for another one.", fa: "این دعوت نادرست، استفاده‌شده یا قدیمی است. دعوت دیگری بخواهید."}
	ErrNoUser        = &Error{Status: http.StatusNotFound, Code: "unknown-user", Field: "name", en: "There is no such user.", fa: "چنین کاربری وجود ندارد."}
	ErrTaken         = &Error{Status: http.StatusConflict, Code: "user-exists", Field: "name", en: "There is a user of this name.", fa: "کاربری با این نام وجود دارد."}
	ErrRole          = &Error{Status: http.StatusForbidden, Code: "role", Field: "role", en: "You cannot give or take this role. Only an owner makes and changes owners.", fa: "شما نمی‌توانید این نقش را بدهید یا بگیرید. تنها مالک، مالکان را تعیین و تغییر می‌دهد."}
	ErrLastOwner     = &Error{Status: http.StatusConflict, Code: "last-owner", Field: "role", en: "This is the last owner. Make somebody else an owner first.", fa: "این آخرین مالک است. اول شخص دیگری را مالک کنید."}
	ErrThrottled     = &Error{Status: http.StatusTooManyRequests, Code: "too-many-tries", en: "Too many wrong tries. Please wait a moment and try again.", fa: "چند بار اشتباه وارد شد. کمی صبر کنید و دوباره تلاش کنید."}
	ErrToken         = &Error{Status: http.StatusForbidden, Code: "wrong-token", Field: "token", en: "That set-up code is not the one printed by the box.", fa: "این کد راه‌اندازی با کد دستگاه یکی نیست."}
	ErrClaimed       = &Error{Status: http.StatusConflict, Code: "claimed", en: "This box already has an owner. Please sign in.", fa: "این دستگاه صاحب دارد. لطفاً وارد شوید."}
	ErrWeak          = &Error{Status: http.StatusUnprocessableEntity, Code: "weak-password", Field: "password", en: "Choose a password of at least 8 characters.", fa: "گذرواژه‌ای با دست‌کم ۸ نویسه انتخاب کنید."}
	ErrUser          = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-user", Field: "user", en: "A user name has 1 to 64 English letters, digits, or . _ - @", fa: "نام کاربری ۱ تا ۶۴ حرف انگلیسی، رقم یا نشانه‌های . _ - @ دارد."}
	ErrCrossOrigin   = &Error{Status: http.StatusForbidden, Code: "cross-origin", en: "This request came from another site and was refused.", fa: "این درخواست از سایت دیگری آمده و پذیرفته نشد."}
	ErrForbidden     = &Error{Status: http.StatusForbidden, Code: "forbidden", en: "Your role does not reach this.", fa: "نقش شما به این دسترسی ندارد."}
	ErrNotFound      = &Error{Status: http.StatusNotFound, Code: "not-found", en: "There is nothing here.", fa: "چیزی اینجا نیست."}
	ErrNoCall        = &Error{Status: http.StatusNotFound, Code: "unknown-call", en: "That call is not known, or is over.", fa: "این تماس پیدا نشد یا تمام شده است."}
	ErrNoRecording   = &Error{Status: http.StatusNotFound, Code: "unknown-recording", en: "There is no such recording, or not any more.", fa: "این ضبط وجود ندارد یا پاک شده است."}
	ErrNoMessage     = &Error{Status: http.StatusNotFound, Code: "unknown-message", en: "There is no such message, or not any more.", fa: "این پیام وجود ندارد یا پاک شده است."}
	ErrNotRecorded   = &Error{Status: http.StatusConflict, Code: "not-recorded", en: "That call cannot be recorded now.", fa: "این تماس را اکنون نمی‌توان ضبط کرد."}
	ErrMusicUsed     = &Error{Status: http.StatusConflict, Code: "music-in-use", en: "This music is in use.", fa: "این موسیقی در حال استفاده است."}
	ErrQueueUsed     = &Error{Status: http.StatusConflict, Code: "queue-in-use", en: "Something still leads to this queue.", fa: "هنوز چیزی به این صف می‌رسد."}
	ErrNoMail        = &Error{Status: http.StatusConflict, Code: "no-mail-server", en: "No mail server is set.", fa: "سرور ایمیل تعیین نشده است."}
	ErrNoPlace       = &Error{Status: http.StatusNotFound, Code: "unknown-place", Field: "place", en: "There is no such place for backups.", fa: "چنین مقصدی برای پشتیبان وجود ندارد."}
	ErrNoPassphrase  = &Error{Status: http.StatusConflict, Code: "no-passphrase", Field: "passphrase", en: "Choose a passphrase first: nothing is saved in the clear.", fa: "نخست گذرواژهٔ پشتیبان را تعیین کنید: چیزی بدون رمز ذخیره نمی‌شود."}
	ErrBackupBusy    = &Error{Status: http.StatusConflict, Code: "backup-busy", en: "Another backup or restore is running. Please wait for it.", fa: "پشتیبان‌گیری یا بازیابی دیگری در جریان است. تا پایان آن صبر کنید."}
	ErrNotPrepared   = &Error{Status: http.StatusConflict, Code: "not-prepared", en: "Look at the backup first; then restore it.", fa: "نخست محتوای نسخه را ببینید و سپس بازیابی کنید."}
	ErrPlaceFails    = &Error{Status: http.StatusBadGateway, Code: "place-fails", Field: "place", en: "The place cannot be reached.", fa: "مقصد در دسترس نیست."}
	ErrNobody        = &Error{Status: http.StatusConflict, Code: "nobody-to-tell", en: "Nobody is to be told: enter a mail address or a webhook first.", fa: "کسی برای خبر دادن نیست: نخست نشانی ایمیل یا وب‌هوک را وارد کنید."}
	ErrNoBan         = &Error{Status: http.StatusNotFound, Code: "not-banned", Field: "source", en: "That address is not shut out.", fa: "این نشانی بیرون نگه داشته نشده است."}
	ErrNotCalled     = &Error{Status: http.StatusUnprocessableEntity, Code: "not-called", Field: "number", en: "This queue does not call that number back.", fa: "این صف با این شماره تماس برگشتی نمی‌گیرد."}
	ErrHeld          = &Error{Status: http.StatusConflict, Code: "held-already", Field: "number", en: "That number waits to be called back already, or too many do.", fa: "این شماره در انتظار تماس برگشتی است، یا شمار منتظران زیاد است."}
	ErrNoSwitch      = &Error{Status: http.StatusNotFound, Code: "unknown-switch", en: "There is no such switch.", fa: "چنین کلیدی وجود ندارد."}
	ErrNoFlow        = &Error{Status: http.StatusNotFound, Code: "unknown-menu", en: "There is no such menu, or it had no such state.", fa: "چنین منویی نیست یا چنین وضعیتی نداشته است."}
	ErrNoNumber      = &Error{Status: http.StatusUnprocessableEntity, Code: "unknown-number", Field: "to", en: "That is no number of this box, its trunks or its lines.", fa: "این شماره از این دستگاه، ترانک‌ها یا خط‌هایش نیست."}
	ErrWhen          = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-time", Field: "at", en: "Write a time such as 18:40, Friday 18:40 or 2026-11-27 18:40.", fa: "زمان را مانند ۱۸:۴۰، جمعه ۱۸:۴۰ یا 2026-11-27 18:40 بنویسید."}
	ErrDoes          = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-phone", Field: "phones", en: "Write what phones do as 1002=4s, 1003=busy or 1004=never.", fa: "رفتار تلفن‌ها را مانند 1002=4s یا 1003=busy یا 1004=never بنویسید."}
	ErrTrySwitch     = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-switch", en: "Name switches of this box; only one that has hours can keep open.", fa: "کلیدهای شب و روز همین دستگاه را بنویسید؛ تنها کلیدی که ساعت کاری دارد می‌تواند باز نگه دارد."}
	ErrOvertaken     = &Error{Status: http.StatusPreconditionFailed, Code: "overtaken", en: "Somebody else has changed this meanwhile.", fa: "در این میان شخص دیگری این را تغییر داده است."}
	ErrUsed          = &Error{Status: http.StatusConflict, Code: "in-use", en: "Something still uses this.", fa: "هنوز چیزی این را به کار می‌برد."}
	ErrOnTrial       = &Error{Status: http.StatusConflict, Code: "on-trial", en: "A change is on trial. Keep it or take it back first.", fa: "تغییری در حال آزمایش است. اول آن را نگه دارید یا پس بگیرید."}
	ErrNoTrial       = &Error{Status: http.StatusConflict, Code: "no-trial", en: "That change is not on trial any more.", fa: "آن تغییر دیگر در حال آزمایش نیست."}
	ErrChanged       = &Error{Status: http.StatusConflict, Code: "changed", en: "Somebody else has changed this meanwhile. Look at the newest state, and make your change again.", fa: "در این میان شخص دیگری این را تغییر داده است. تازه‌ترین وضعیت را ببینید و تغییر خود را دوباره انجام دهید."}
	ErrNoMember      = &Error{Status: http.StatusNotFound, Code: "unknown-member", en: "That conference is over, or that person has left it.", fa: "آن جلسه تمام شده یا آن فرد از آن رفته است."}
	ErrVerb          = &Error{Status: http.StatusUnprocessableEntity, Code: "unknown-action", Field: "do", en: "The box cannot do that.", fa: "دستگاه چنین کاری نمی‌کند."}
	ErrNoTalk        = &Error{Status: http.StatusConflict, Code: "no-talk", en: "Nobody is talking in this call, or you are in it yourself.", fa: "در این تماس گفتگویی در جریان نیست، یا خود شما در آن هستید."}
	ErrNotSupervisor = &Error{Status: http.StatusForbidden, Code: "no-supervisor", Field: "by", en: "This extension may not listen in.", fa: "این داخلی اجازهٔ شنود ندارد."}
	ErrNoPhone       = &Error{Status: http.StatusConflict, Code: "no-phone", Field: "by", en: "No phone of this extension can be reached.", fa: "هیچ تلفنی از این داخلی در دسترس نیست."}
	ErrNoAgent       = &Error{Status: http.StatusNotFound, Code: "unknown-agent", Field: "queue", en: "That extension is no agent of this queue.", fa: "این داخلی کارشناس این صف نیست."}
	ErrAgentOut      = &Error{Status: http.StatusConflict, Code: "agent-out", en: "That agent is not logged in.", fa: "این کارشناس وارد صف نشده است."}
	ErrNoWrap        = &Error{Status: http.StatusConflict, Code: "no-wrap-up", en: "That agent has no call to finish.", fa: "این کارشناس تماسی برای پایان دادن ندارد."}
	ErrNotWaiting    = &Error{Status: http.StatusConflict, Code: "not-waiting", en: "That caller does not wait any more.", fa: "این تماس‌گیرنده دیگر منتظر نیست."}
	ErrNoDay         = &Error{Status: http.StatusNotFound, Code: "unknown-day", Field: "day", en: "Nothing of that day is recorded.", fa: "از آن روز چیزی ثبت نشده است."}
	ErrTooMuch       = &Error{Status: http.StatusServiceUnavailable, Code: "too-much", Field: "runs", en: "That takes too long. Ask for fewer runs.", fa: "این کار بیش از اندازه طول می‌کشد. دفعات اجرا را کمتر کنید."}
	ErrNoQueue       = &Error{Status: http.StatusUnprocessableEntity, Code: "unknown-queue", Field: "queue", en: "There is no such queue.", fa: "چنین صفی وجود ندارد."}
	ErrNoContact     = &Error{Status: http.StatusConflict, Code: "not-last-call", en: "That is not the last call of a queue's agent.", fa: "این آخرین تماس کارشناس صف نیست."}
	ErrDisposition   = &Error{Status: http.StatusUnprocessableEntity, Code: "unknown-disposition", Field: "code", en: "The queue has no such code.", fa: "صف چنین کدی ندارد."}
	ErrNoPort        = &Error{Status: http.StatusNotFound, Code: "unknown-port", Field: "port", en: "There is no such line.", fa: "چنین خطی وجود ندارد."}
	ErrLineBusy      = &Error{Status: http.StatusConflict, Code: "line-busy", en: "That line is in use. Hang up first.", fa: "این خط مشغول است. اول قطع کنید."}
	ErrLineIdle      = &Error{Status: http.StatusConflict, Code: "line-idle", en: "There is no call on that line.", fa: "روی این خط تماسی نیست."}
	ErrSilence       = &Error{Status: http.StatusNotFound, Code: "nothing-heard", en: "Nothing has been heard on that line yet.", fa: "هنوز صدایی از این خط شنیده نشده است."}
	ErrBody          = &Error{Status: http.StatusBadRequest, Code: "bad-request", en: "The request could not be understood.", fa: "درخواست قابل فهم نبود."}
	ErrValue         = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-value", en: "That value cannot be used.", fa: "این مقدار قابل استفاده نیست."}
	ErrTooLarge      = &Error{Status: http.StatusRequestEntityTooLarge, Code: "too-large", en: "The request is too large.", fa: "درخواست بیش از اندازه بزرگ است."}
	ErrBusy          = &Error{Status: http.StatusServiceUnavailable, Code: "busy", en: "The box is busy. Please try again.", fa: "دستگاه مشغول است. دوباره تلاش کنید."}
	ErrInternal      = &Error{Status: http.StatusInternalServerError, Code: "internal", en: "Something went wrong inside the box. It has been written down.", fa: "خطایی در دستگاه رخ داد و ثبت شد."}
)

// Error is the refusal in English.
func (e *Error) Error() string { return e.Code + ": " + e.en }

// Is tells whether target is the same refusal, whatever its field.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Of is the refusal about a field of the request.
func (e *Error) Of(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// After is the refusal that ends after d.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.Retry = d
	return &c
}

// Text is the refusal in words.
func (e *Error) Text(lang config.Language) string {
	if lang == config.Persian {
		return e.fa
	}
	return e.en
}

// Problem is the body of a refusal.
type Problem struct {
	Error ProblemDetail `json:"error"`
}

// ProblemDetail says what was refused.
type ProblemDetail struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
}

// Refusal is what err is for its caller. An error that is no refusal is
// ErrInternal: its text may hold what strangers should not read.
func Refusal(err error) *Error {
	var refusal *Error
	var large *http.MaxBytesError
	var file *sound.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &file):
		return &Error{Status: http.StatusUnprocessableEntity, Code: file.Code, en: file.EN, fa: file.FA}
	case errors.As(err, &large):
		return ErrTooLarge
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ErrBusy
	}
	return ErrInternal
}

// Fail answers a request with the Refusal of err.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	e := Refusal(err)
	if e.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((e.Retry+time.Second-1)/time.Second)))
	}
	_ = send(w, e.Status, Problem{ProblemDetail{Code: e.Code, Message: e.Text(Lang(r)), Field: e.Field}}) // strings always encode
}

// Send answers a request with a value.
func Send(w http.ResponseWriter, v any) error {
	return send(w, http.StatusOK, v)
}

func send(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding %T: %w", v, err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client has gone if this fails, and nobody is left to tell
	return nil
}
