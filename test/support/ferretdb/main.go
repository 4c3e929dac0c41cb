// A server of MongoDB's protocol for the tests: FerretDB 1 on SQLite. Prints its address, and ends with its standard input.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	// Whoever started it may be killed: the pipe then ends, and so does this.
	ended, end := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	go func() { io.Copy(io.Discard, os.Stdin); end() }()
	if err := serve(ended); err != nil {
		log.Fatal(err)
	}
}

func serve(ended context.Context) error {
	folder, err := os.MkdirTemp("", "portcullis-ferretdb-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	database, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/?_pragma=synchronous(off)",
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return err
	}
	go func() {
		address, _ := url.Parse(database.MongoDBURI())
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("mongodb://%s/\n", listener.Addr())
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go attend(client, address.Host)
		}
	}()
	return database.Run(ended)
}

// FerretDB finds documents first and writes them then, so that two guarded updates at the same moment can both succeed, which MongoDB
// rules out. One write at a time, they cannot.
var turn sync.Mutex

func isWrite(request []byte) bool {
	// After a header, flags, the kind of a section, the length of a document and the type of its first element: the command's name.
	const name = 16 + 4 + 1 + 4 + 1
	for _, command := range []string{"insert\x00", "update\x00", "delete\x00", "findAndModify\x00"} {
		if len(request) > name && bytes.HasPrefix(request[name:], []byte(command)) {
			return true
		}
	}
	return false
}

func attend(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		log.Print(err)
		return
	}
	defer server.Close()
	for {
		request, err := message(client)
		if err != nil {
			return
		}
		reply, err := answer(server, request)
		if err != nil {
			return
		}
		if _, err := client.Write(reply); err != nil {
			return
		}
	}
}

func answer(server net.Conn, request []byte) ([]byte, error) {
	if isWrite(request) {
		turn.Lock()
		defer turn.Unlock()
	}
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	reply, err := message(server)
	// FerretDB keeps one of its 100 connections to SQLite for each update of a command, and then waits for one more for ever.
	most := []byte("\x10maxWriteBatchSize\x00")
	if at := bytes.Index(reply, most); at >= 0 {
		binary.LittleEndian.PutUint32(reply[at+len(most):], 50)
	}
	return reply, err
}

func message(from io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(from, length[:]); err != nil {
		return nil, err
	}
	// 48 MB is the most that the driver sends.
	size := binary.LittleEndian.Uint32(length[:])
	if size < 16 || size > 48_000_000 {
		return nil, fmt.Errorf("a message of %d bytes", size)
	}
	message := append(make([]byte, 0, size), length[:]...)[:size]
	_, err := io.ReadFull(from, message[4:])
	return message, err
}
