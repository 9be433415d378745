//! A server that runs while a test talks to it: it says on standard error where it listens, and
//! ends with the test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// How long an answer may take; far more than any needs, so that a stuck server fails the test.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many lines a server may say before the one that tells where it listens.
const LINES_BEFORE_READY: usize = 100;

/// A running server on a loopback port of its own choice.
pub struct Server {
    child: Child,
    address: String,
    end: Option<Command>,
}

/// One HTTP answer.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

impl Server {
    /// Starts it and waits until it says `http://127.0.0.1:PORT`. `end`, if given, is run before
    /// the process itself is killed.
    pub fn start(command: &mut Command, end: Option<Command>) -> Self {
        let line = format!("{command:?}");
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let said = BufReader::new(child.stderr.take().expect("its standard error is piped"));
        let mut lines = said.lines().map_while(Result::ok).take(LINES_BEFORE_READY);
        let mut heard = Vec::new();
        let address = lines.by_ref().find_map(|line| {
            let found = address(&line);
            heard.push(line);
            found
        });
        // Read on, or the server would stop once the pipe is full.
        thread::spawn(move || lines.for_each(drop));
        let mut server = Self { child, address: String::new(), end };
        server.address = address.unwrap_or_else(|| panic!("{line} does not listen: {heard:?}"));
        server
    }

    /// The port that it chose.
    pub fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap_or_default()
    }

    /// `GET path`.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// `POST path` with a JSON body.
    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, body)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (address, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").expect("an HTTP answer");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer { status: status.expect("a status"), body: body.to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Each fails only if the server has ended by itself, which is as good.
        if let Some(end) = &mut self.end {
            let _ = end.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `127.0.0.1:4444` in `mcpgateway 1.0.0 on http://127.0.0.1:4444 (plugins: none)`.
fn address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("http://")?;
    let address: String =
        rest.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
    address.starts_with("127.0.0.1:").then_some(address)
}
