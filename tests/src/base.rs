//! A base image for Dockerfiles: one program on nothing else, which stands for any image of a
//! registry. Made by the product itself, without an engine.

use std::fs;

use crate::judges::{self, Registry};
use crate::product;
use crate::scratch::Scratch;

/// A server with its own health check. It also reads a secret, and says in a file how long it was.
pub const SERVER: &str = r#"package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "check" {
		secret, err := os.ReadFile(os.Args[2])
		text := fmt.Sprintln(len(secret), os.Getenv("GREETING"), err)
		if err := os.WriteFile(os.Args[3], []byte(text), 0o644); err != nil {
			panic(err)
		}
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "health" {
		if _, err := os.ReadFile("/tmp/ready"); err != nil {
			os.Exit(1)
		}
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile("/tmp/ready", nil, 0o644); err != nil {
		panic(err)
	}
	fmt.Println("listening")
	listener.Accept()
}
"#;

/// Pushes it, for two platforms, with the program at `/base`; gives its reference by digest.
///
/// `None` where crane is missing. Panics if it cannot be made.
pub fn push(registry: &Registry) -> Option<String> {
    let crane = judges::find("crane")?;
    let tree = Scratch::new("base").expect("a scratch folder");
    let config = format!(
        "[release]\nversion = \"1.0.0\"\nregistry = \"{}/team\"\n\n[[package]]\nname = \"base\"\n\
         image = {{ from = \"binary\" }}\n\
         binary = {{ go = \".\", platforms = [\"linux-amd64\", \"linux-arm64\"] }}\n",
        registry.address()
    );
    let module = "module example.com/base\n\ngo 1.24\n";
    let files =
        [("package-actions.toml", config.as_str()), ("go.mod", module), ("main.go", SERVER)];
    for (path, text) in files {
        fs::write(tree.join(path), text).expect("a file of the base");
    }
    let folder = tree.path().to_str().expect("a path of text");
    product::run(&["release", "--local", folder, "--offline"]).accepted();
    let reference = format!("{}/other/base:1.0.0", registry.address());
    let layout = tree.join("dist/oci/base");
    crane.run(&["push", layout.to_str().expect("a path of text"), &reference]).accepted();
    let digest = crane.run(&["digest", &reference]).accepted();
    Some(format!("{}/other/base@{}", registry.address(), digest.stdout.trim()))
}
