//! Just enough HTTP/1.1 for MCP: `POST /mcp` and `GET /health`, one request a connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::protocol;

/// The largest request head and the largest body that are read, in bytes.
const MAX_HEAD: u64 = 64 * 1024;
const MAX_BODY: u64 = 4 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(60);
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

struct Request {
    method: String,
    path: String,
    host: Option<String>,
    origin: Option<String>,
    body: Vec<u8>,
}

struct Response {
    status: &'static str,
    body: String,
}

/// Serves until the process ends; says on stderr where it listens.
pub fn serve(host: &str, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((host, port))?;
    writeln!(io::stderr(), "mcp-server-echo on http://{}/mcp", listener.local_addr()?)?;
    // A connection that fails is its client's business; the server goes on.
    for stream in listener.incoming().flatten() {
        let spawned = thread::Builder::new().spawn(move || answer(&stream));
        drop(spawned);
    }
    Ok(())
}

/// Asks the server on this machine whether it is healthy.
pub fn probe(port: u16) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PROBE_TIMEOUT)?;
    stream.set_read_timeout(Some(PROBE_TIMEOUT))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(stream.take(MAX_HEAD)).read_line(&mut status)?;
    match status.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => Err(io::Error::other(format!("the server answered `{}`", status.trim_end()))),
    }
}

fn answer(stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let response = match read(stream)? {
        Ok(request) => route(&request),
        Err(status) => Response { status, body: String::new() },
    };
    write(stream, &response)
}

fn route(request: &Request) -> Response {
    let respond = |status, body| Response { status, body };
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/health") => respond("200 OK", r#"{"status": "healthy"}"#.to_owned()),
        ("POST", "/mcp") if !same_origin(request) => respond("403 Forbidden", String::new()),
        ("POST", "/mcp") => match protocol::handle(&request.body) {
            Some(reply) => respond("200 OK", reply),
            None => respond("202 Accepted", String::new()),
        },
        (_, "/mcp" | "/health") => respond("405 Method Not Allowed", String::new()),
        _ => respond("404 Not Found", String::new()),
    }
}

/// Whether a request comes from no page at all, or from a page of this server: a page elsewhere
/// must not reach a server on its reader's machine.
fn same_origin(request: &Request) -> bool {
    let Some(origin) = request.origin.as_deref() else {
        return true;
    };
    origin.split_once("://").map(|(_, host)| host) == request.host.as_deref()
}

/// Reads one request; the inner error is the status to answer with.
fn read(stream: impl Read) -> io::Result<Result<Request, &'static str>> {
    let mut reader = BufReader::new(stream);
    let mut head = (&mut reader).take(MAX_HEAD);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Ok(Err("400 Bad Request"));
    };
    let mut request = Request { method, path, host: None, origin: None, body: Vec::new() };
    let mut length = 0;
    loop {
        line.clear();
        if head.read_line(&mut line)? == 0 {
            return Ok(Err("431 Request Header Fields Too Large"));
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "host" => request.host = Some(value.to_owned()),
            "origin" => request.origin = Some(value.to_owned()),
            "transfer-encoding" => return Ok(Err("411 Length Required")),
            "content-length" => match value.parse() {
                Ok(given) if given <= MAX_BODY => length = given,
                Ok(_) => return Ok(Err("413 Content Too Large")),
                Err(_) => return Ok(Err("400 Bad Request")),
            },
            _ => {}
        }
    }
    let got = reader.take(length).read_to_end(&mut request.body)?;
    Ok(if got as u64 == length { Ok(request) } else { Err("400 Bad Request") })
}

fn write(mut stream: impl Write, response: &Response) -> io::Result<()> {
    let Response { status, body } = response;
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::{read, route, write, Response};

    fn check(request: &str, expected: &str) {
        let response = match read(request.as_bytes()).unwrap() {
            Ok(request) => route(&request),
            Err(status) => Response { status, body: String::new() },
        };
        let mut wire = Vec::new();
        write(&mut wire, &response).unwrap();
        let wire = String::from_utf8(wire).unwrap();
        assert!(wire.starts_with(&format!("HTTP/1.1 {expected}")), "{request}\nanswered {wire}");
    }

    #[test]
    fn requests_get_their_status() {
        let post = "POST /mcp HTTP/1.1\r\nHost: a:1\r\nContent-Length: 2\r\n";
        check("GET /health HTTP/1.1\r\n\r\n", "200");
        check(&format!("{post}\r\n{{}}"), "200");
        check(&format!("{post}Origin: http://a:1\r\n\r\n{{}}"), "200");
        check(&format!("{post}Origin: http://evil\r\n\r\n{{}}"), "403");
        check("GET /mcp HTTP/1.1\r\n\r\n", "405");
        check("GET / HTTP/1.1\r\n\r\n", "404");
    }

    #[test]
    fn broken_and_oversized_requests_are_refused() {
        check("\r\n\r\n", "400");
        check("POST /mcp HTTP/1.1\r\nContent-Length: 9\r\n\r\n{}", "400");
        check("POST /mcp HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400");
        check("POST /mcp HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", "413");
        check("POST /mcp HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "411");
        check(&format!("GET / HTTP/1.1\r\nX: {}", "a".repeat(70_000)), "431");
    }
}
