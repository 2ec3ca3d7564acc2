package main

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"

	"lineage.dev/runner/internal/agent"
	"lineage.dev/runner/internal/execution"
)

var errDoor = errors.New("the agent listens either on a unix socket or on TCP")

// door is where the API comes in.
type door struct {
	socket   string
	secretFD int
	secret   []byte

	listen      string
	clients     []agent.KeyHash
	health      string
	closeHealth func() error
}

func doorOf(socket string, secretFD int, listen, clientKeys, health string) (*door, error) {
	d := &door{socket: socket, secretFD: secretFD, listen: listen, health: health}
	local, remote := socket != "" && secretFD >= 3, listen != "" && clientKeys != ""
	if local == remote || (local && (listen != "" || clientKeys != "" || health != "")) || (remote && (socket != "" || secretFD >= 0)) {
		return nil, errDoor
	}
	if local {
		return d, nil
	}
	for text := range strings.SplitSeq(clientKeys, ",") {
		client, err := agent.ParseKeyHash(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		d.clients = append(d.clients, client)
	}
	return d, nil
}

func (d *door) readSecret() (err error) {
	if d.socket != "" {
		d.secret, err = readSecret(d.secretFD)
	}
	return err
}

// open listens, and says what the API has to know of it. abandoned is called when whoever started a local agent is gone;
// an agent on TCP has no such parent.
func (d *door) open(ctx context.Context, engine *execution.Engine, abandoned func(), log *slog.Logger) (*agent.Agent, map[string]string, error) {
	if d.socket != "" {
		if err := execution.ClaimSocket(d.socket); err != nil {
			return nil, nil, err
		}
		listening, err := agent.Listen(engine, d.socket, d.secret, log)
		if err == nil {
			go func() {
				_, _ = io.Copy(io.Discard, os.Stdin)
				abandoned()
			}()
		}
		return listening, map[string]string{}, err
	}
	identity, err := agent.NewIdentity()
	if err != nil {
		return nil, nil, err
	}
	listening, err := agent.ListenRemote(engine, d.listen, identity, d.clients, log)
	if err != nil {
		return nil, nil, err
	}
	said := map[string]string{
		"address": listening.Address().String(), "fingerprint": identity.Fingerprint(),
		"certificate": base64.StdEncoding.EncodeToString(identity.Certificate()),
	}
	if d.health == "" {
		return listening, said, nil
	}
	address, closeHealth, err := agent.Health(ctx, d.health, log)
	if err != nil {
		return nil, nil, errors.Join(err, listening.Close())
	}
	d.closeHealth, said["health"] = closeHealth, address.String()
	return listening, said, nil
}

func (d *door) close(log *slog.Logger) {
	if d.closeHealth == nil {
		return
	}
	if err := d.closeHealth(); err != nil {
		log.Error("closing the health port failed", "err", err)
	}
}
