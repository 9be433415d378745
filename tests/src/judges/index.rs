//! A real Python index (`pypiserver`) on a loopback port of its own, ended by its process when
//! dropped.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::find;
use crate::scratch::Scratch;

/// How long it may take to listen, on a machine that does other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running index without TLS that takes uploads from everybody.
#[derive(Debug)]
pub struct Index {
    child: Child,
    address: String,
    store: Scratch,
}

impl Index {
    /// Starts one and waits until it listens; `None` where `pypi-server` is missing, as in
    /// [`find`]. Panics if it ends instead.
    pub fn start() -> Option<Self> {
        let judge = find("pypi-server")?;
        let store = Scratch::new("index").expect("a scratch folder");
        let port = free_port();
        let child = judge
            .command()
            .args(["run", "--interface", "127.0.0.1", "--port", &port.to_string()])
            .args(["--passwords", ".", "--authenticate", ".", "--disable-fallback"])
            .arg(store.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pypi-server starts");
        let mut index = Self { child, address: format!("127.0.0.1:{port}"), store };
        let start = Instant::now();
        while TcpStream::connect(&index.address).is_err() {
            assert!(start.elapsed() < PATIENCE, "pypi-server does not listen");
            assert!(index.child.try_wait().expect("a child").is_none(), "pypi-server ended");
            thread::yield_now();
        }
        Some(index)
    }

    /// Where packages are uploaded.
    pub fn upload_url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Its simple index.
    pub fn simple_url(&self) -> String {
        format!("http://{}/simple/", self.address)
    }

    /// The files that it holds, by name.
    pub fn files(&self) -> Vec<PathBuf> {
        files(self.store.path())
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the index's folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// A port that nobody listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
