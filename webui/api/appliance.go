package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"time"

	"github.com/pasokh/pasokh/firmware/bundle"
	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/network"
	"github.com/pasokh/pasokh/firmware/update"
	"github.com/pasokh/pasokh/firmware/upload"
)

// Chief is process 1 of an appliance. See package firmware/chief.
type Chief interface {
	Box(ctx context.Context) (chief.Box, error)
	Update(ctx context.Context, bundle io.Reader) error
	Restart(ctx context.Context) error
	TryNetwork(ctx context.Context, s network.Settings, within time.Duration) error
	ConfirmNetwork(ctx context.Context) error
	Forget(ctx context.Context) error
}

// Appliance is the box under the telephone: what it is, which version runs, where it is
// in the network.
type Appliance struct {
	Board    string    `json:"board"`
	Version  string    `json:"version"`
	Made     time.Time `json:"made"`
	Slot     string    `json:"slot"`  // "a" or "b"
	Trial    bool      `json:"trial"` // the version is being tried, and goes if it does not work
	Started  time.Time `json:"started"`
	Updating Updating  `json:"updating"`
	Network  Network   `json:"network"`
	Ends     []EndOf   `json:"ends"` // of the telephone's program that nobody asked for, newest first
}

// Updating is how far an update is.
type Updating struct {
	Version string `json:"version,omitempty"`
	Written int64  `json:"written"` // bytes
	Size    int64  `json:"size"`
	Waiting bool   `json:"waiting"` // it starts at the next restart
}

// Network is where the box is.
type Network struct {
	Interface string          `json:"interface"`
	Address   string          `json:"address"`
	How       string          `json:"how"` // "dhcp", "fixed", "fallback" or "none"
	Settings  NetworkSettings `json:"settings"`
	Until     *time.Time      `json:"until,omitempty"` // when settings that nobody confirms are taken back
}

// NetworkSettings are where the box is to be. An empty address is asked for by DHCP.
type NetworkSettings struct {
	Address string   `json:"address"` // "192.168.1.10/24"
	Gateway string   `json:"gateway"`
	DNS     []string `json:"dns"`  // up to 3
	VLAN    int      `json:"vlan"` // 1 to 4094, 0 for none
}

// EndOf is how the telephone's program ended.
type EndOf struct {
	At    time.Time `json:"at"`
	How   string    `json:"how"`
	Lines []string  `json:"lines"`
}

// confirmNetwork is how long a change of the network waits for somebody who still
// reaches the box.
const confirmNetwork = 90 * time.Second

// appliance is the part of the interface that only an appliance has.
type appliance struct{ Chief }

func (a appliance) routes() []Route {
	return []Route{
		{Pattern: "GET /api/appliance", Right: identity.Plant, Handle: a.get,
			About: "The box under the telephone: version, update, network.", Gives: Appliance{}},
		{Pattern: "POST /api/appliance/update", Right: identity.Plant, Stream: true, Handle: a.update,
			About: "Takes an update bundle and tries it.", Takes: Media("application/octet-stream"), Gives: Done{}},
		{Pattern: "POST /api/appliance/restart", Right: identity.Plant, Handle: a.act(Chief.Restart),
			About: "Restarts the box.", Gives: Done{}},
		{Pattern: "POST /api/appliance/forget", Right: identity.Keep, Handle: a.act(Chief.Forget),
			About: "Makes the box as new: configuration, users and recordings go.", Gives: Done{}},
		{Pattern: "POST /api/appliance/network", Right: identity.Plant, Handle: a.move,
			About: "Moves the box to other network settings, which are taken back unless they are confirmed.", Takes: NetworkSettings{}, Gives: Done{}},
		{Pattern: "POST /api/appliance/network/confirm", Right: identity.Plant, Handle: a.act(Chief.ConfirmNetwork),
			About: "Keeps network settings that are on trial.", Gives: Done{}},
	}
}

func (a appliance) get(w http.ResponseWriter, req *http.Request) error {
	b, err := a.Box(req.Context())
	if err != nil {
		return err
	}
	s := b.Network.Settings
	n := Network{Interface: b.Network.Interface, Address: b.Network.Address, How: b.Network.How, Until: b.Network.Until,
		Settings: NetworkSettings{Address: written(s.Address), Gateway: written(s.Gateway), DNS: []string{}, VLAN: s.VLAN}}
	for _, d := range s.DNS {
		n.Settings.DNS = append(n.Settings.DNS, d.String())
	}
	ends := []EndOf{}
	for _, e := range b.Ends {
		ends = append(ends, EndOf{e.At, e.How, list(e.Lines)})
	}
	return Send(w, Appliance{b.Board, b.Version, b.Made, b.Slot, b.Trial, b.Started,
		Updating{b.Update.Version, b.Update.Written, b.Update.Size, b.Update.Waiting}, n, ends})
}

// written is an address, or "" for none.
func written(a interface {
	IsValid() bool
	String() string
}) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// update takes a bundle as the body and answers when it is written and checked.
func (a appliance) update(w http.ResponseWriter, req *http.Request) error {
	if err := upload.Take(w, req, bundle.MaxSize, func(body io.Reader) error { return a.Update(req.Context(), body) }); err != nil {
		return ofAppliance(err)
	}
	return Send(w, Done{true})
}

func (a appliance) act(do func(Chief, context.Context) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, req *http.Request) error {
		if err := do(a.Chief, req.Context()); err != nil {
			return ofAppliance(err)
		}
		return Send(w, Done{true})
	}
}

// move tries other settings of the network.
func (a appliance) move(w http.ResponseWriter, req *http.Request) error {
	var ask NetworkSettings
	if err := Decode(req, &ask); err != nil {
		return err
	}
	var s network.Settings
	var err error
	if ask.Address != "" {
		if s.Address, err = netip.ParsePrefix(ask.Address); err != nil {
			return ErrNetworkAddress
		}
	}
	if ask.Gateway != "" {
		if s.Gateway, err = netip.ParseAddr(ask.Gateway); err != nil {
			return ErrNetworkGateway
		}
	}
	for _, d := range ask.DNS {
		server, err := netip.ParseAddr(d)
		if err != nil {
			return ErrNetworkDNS
		}
		s.DNS = append(s.DNS, server)
	}
	s.VLAN = ask.VLAN
	if err := s.Check(); err != nil {
		return ofAppliance(err)
	}
	if err := a.TryNetwork(req.Context(), s, confirmNetwork); err != nil {
		return ofAppliance(err)
	}
	return Send(w, Done{true})
}

// The refusals of process 1.
var (
	ErrUpdateFormat    = &Error{Status: http.StatusUnprocessableEntity, Code: "no-update", en: "This file is no update for this kind of box.", fa: "این فایل به‌روزرسانی این نوع دستگاه نیست."}
	ErrUpdateSignature = &Error{Status: http.StatusUnprocessableEntity, Code: "not-signed", en: "The update is not signed by the maker of this box, or was damaged on its way. Download it again.", fa: "به‌روزرسانی امضای سازندهٔ دستگاه را ندارد یا در راه آسیب دیده است. دوباره دریافتش کنید."}
	ErrUpdateShort     = &Error{Status: http.StatusUnprocessableEntity, Code: "not-complete", en: "The update is not complete. Download it again.", fa: "به‌روزرسانی کامل نیست. دوباره دریافتش کنید."}
	ErrUpdateBoard     = &Error{Status: http.StatusUnprocessableEntity, Code: "other-board", en: "The update is for another board.", fa: "به‌روزرسانی برای برد دیگری است."}
	ErrUpdateOld       = &Error{Status: http.StatusConflict, Code: "older", en: "The update is older than the version that runs. An older version can only be flashed.", fa: "به‌روزرسانی از نسخهٔ کنونی قدیمی‌تر است. نسخهٔ قدیمی‌تر را فقط می‌توان روی کارت نوشت."}
	ErrUpdateBusy      = &Error{Status: http.StatusConflict, Code: "updating", en: "Another update is being written. Please wait for it.", fa: "به‌روزرسانی دیگری در حال نوشتن است. تا پایان آن صبر کنید."}
	ErrUpdateTrial     = &Error{Status: http.StatusConflict, Code: "still-tried", en: "The version that runs is still being tried. Wait a minute.", fa: "نسخهٔ کنونی هنوز در حال آزمایش است. یک دقیقه صبر کنید."}
	ErrUpdateDisk      = &Error{Status: http.StatusInternalServerError, Code: "disk-worn", en: "The disk did not keep the update; it may be worn out. Make a backup and replace it.", fa: "دیسک به‌روزرسانی را نگه نداشت و شاید فرسوده باشد. پشتیبان بگیرید و آن را عوض کنید."}
	ErrNetworkAddress  = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-address", Field: "address", en: "Write the address with the length of its network, such as 192.168.1.10/24.", fa: "نشانی را با طول شبکه بنویسید، مانند 192.168.1.10/24."}
	ErrNetworkGateway  = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-gateway", Field: "gateway", en: "The gateway must be another address of the same network.", fa: "دروازه باید نشانی دیگری از همان شبکه باشد."}
	ErrNetworkDNS      = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-name-server", Field: "dns", en: "Up to three name servers, each an address.", fa: "حداکثر سه سرور نام، هرکدام یک نشانی."}
	ErrNetworkVLAN     = &Error{Status: http.StatusUnprocessableEntity, Code: "bad-vlan", Field: "vlan", en: "A VLAN is 1 to 4094, or 0 for none.", fa: "شمارهٔ VLAN از ۱ تا ۴۰۹۴ است، یا ۰ برای هیچ."}
	ErrNetworkNothing  = &Error{Status: http.StatusConflict, Code: "nothing-to-confirm", en: "No change of the network is being tried any more.", fa: "دیگر تغییری در شبکه در حال آزمایش نیست."}
)

// ofAppliance is what process 1 has refused, for people.
func ofAppliance(err error) error {
	for _, r := range []struct {
		is   error
		tell *Error
	}{
		{bundle.ErrFormat, ErrUpdateFormat}, {bundle.ErrSignature, ErrUpdateSignature}, {bundle.ErrShort, ErrUpdateShort}, {bundle.ErrSum, ErrUpdateSignature},
		{update.ErrBoard, ErrUpdateBoard}, {update.ErrOld, ErrUpdateOld}, {update.ErrBusy, ErrUpdateBusy}, {update.ErrTrial, ErrUpdateTrial}, {update.ErrDisk, ErrUpdateDisk},
		{network.ErrAddress, ErrNetworkAddress}, {network.ErrGateway, ErrNetworkGateway}, {network.ErrDNS, ErrNetworkDNS}, {network.ErrVLAN, ErrNetworkVLAN},
		{network.ErrNothing, ErrNetworkNothing},
	} {
		if errors.Is(err, r.is) {
			return r.tell
		}
	}
	return err
}
