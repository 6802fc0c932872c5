package main

import (
	"context"
	"errors"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/server"
)

// keeper lets the page ask the box's identity keeper, and says its refusals in
// the page's terms.
type keeper struct{ *box }

var _ server.Keeper = keeper{}
