module github.com/contextforge-org/contextforge/servers/time

go 1.24
