package webtest

import (
	"github.com/pasokh/pasokh/telephony/bulletin"
	"github.com/pasokh/pasokh/telephony/figures"
)

// forgetful is the memory of a box that never was on before.
type forgetful struct{}

func (forgetful) Read() ([]byte, error) { return nil, nil }
func (forgetful) Keep([]byte)           {}

// bulletins are sent to the box's Post.
func (b *Box) bulletins() *bulletin.Room {
	room, _ := bulletin.Open(bulletin.Options{Clock: b.Clock, Log: b.Log, News: &b.News, Config: b.current, Post: &b.Post, Memory: forgetful{},
		Reports: figures.New(figures.Options{Clock: b.Clock, Ledger: b, Config: b.current})}) // a forgetful memory has no error
	return room
}
