//! A GitHub of a few lines for this room's tests: releases, assets, tags, and faults on demand.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use model::Digest;
use serde_json::{Value, json};

/// What it holds, and what it was asked.
#[derive(Default)]
pub(super) struct Hub {
    pub(super) releases: BTreeMap<u64, Value>,
    pub(super) assets: BTreeMap<u64, (u64, Value, Vec<u8>)>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) log: Vec<String>,
    /// Faults by the start of a request's line, each used once, in order.
    pub(super) faults: Vec<(&'static str, Fault)>,
    /// Whether assets have digests.
    pub(super) without_digests: bool,
    pub(super) next: u64,
    pub(super) base: String,
}

/// What goes wrong.
#[derive(Clone)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// An answer instead of the work: status, further headers, body.
    Answer(u16, &'static str, &'static str),
    /// The work is done, the answer never comes.
    Silent,
    /// Half of the body is taken, then the connection ends; a `starter` asset stays.
    Half,
    /// Someone else's draft of the same tag appears just before.
    OtherDraft,
    /// The list is one of before.
    StaleList,
}

pub(super) type Shared = Arc<Mutex<Hub>>;

/// Starts one; it ends with the test's process.
pub(super) fn start() -> Shared {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let hub = Arc::new(Mutex::new(Hub { next: 10, base, ..Hub::default() }));
    let shared = Arc::clone(&hub);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let hub = Arc::clone(&shared);
            thread::spawn(move || serve(&hub, stream));
        }
    });
    hub
}

impl Hub {
    /// A draft as another program would make it.
    pub(super) fn draft(&mut self, id: u64, tag: &str, commit: &str) {
        let base = &self.base;
        let release = json!({
            "id": id, "tag_name": tag, "target_commitish": commit, "draft": true,
            "prerelease": false, "name": tag, "body": "", "html_url": format!("{base}/r/{id}"),
            "upload_url": format!("{base}/up/{id}/assets{{?name,label}}"),
        });
        self.releases.insert(id, release);
    }

    /// A file in a release.
    pub(super) fn attach(&mut self, release: u64, name: &str, bytes: &[u8], state: &str) -> Value {
        self.next += 1;
        let digest = (!self.without_digests).then(|| Digest::of(bytes).to_string());
        let row = json!({
            "id": self.next, "name": name, "state": state, "size": bytes.len(), "digest": digest,
        });
        self.assets.insert(self.next, (release, row.clone(), bytes.to_vec()));
        row
    }

    pub(super) fn names(&self, release: u64) -> Vec<String> {
        let of = self.assets.values().filter(|(of, ..)| *of == release);
        let mut names: Vec<String> =
            of.map(|(_, row, _)| row["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    /// Requests that change something.
    pub(super) fn writes(&self) -> Vec<String> {
        self.log.iter().filter(|line| !line.starts_with("GET")).cloned().collect()
    }

    fn fault(&mut self, line: &str) -> Option<Fault> {
        let at = self.faults.iter().position(|(start, _)| line.starts_with(start))?;
        Some(self.faults.remove(at).1)
    }

    fn answer(&mut self, method: &str, target: &str, body: &[u8]) -> (u16, Value) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let number = |text: &str| text.parse::<u64>().unwrap_or_default();
        match (method, parts.as_slice()) {
            ("GET", ["repos", "o", "r", "releases"]) => {
                (200, self.releases.values().rev().cloned().collect())
            }
            ("GET", ["repos", "o", "r", "releases", "latest"]) => {
                let published = |release: &&Value| release["latest"] == json!("true");
                found(self.releases.values().find(published).cloned())
            }
            ("GET", ["repos", "o", "r", "releases", "assets", id]) => {
                found(self.assets.get(&number(id)).map(|(_, row, _)| row.clone()))
            }
            ("DELETE", ["repos", "o", "r", "releases", "assets", id]) => {
                gone(self.assets.remove(&number(id)).is_some())
            }
            ("GET", ["repos", "o", "r", "releases", id]) => {
                found(self.releases.get(&number(id)).cloned())
            }
            ("DELETE", ["repos", "o", "r", "releases", id]) => {
                self.assets.retain(|_, (of, ..)| *of != number(id));
                gone(self.releases.remove(&number(id)).is_some())
            }
            ("GET", ["repos", "o", "r", "releases", id, "assets"]) => {
                let of = self.assets.values().filter(|(of, ..)| *of == number(id));
                (200, of.map(|(_, row, _)| row.clone()).collect())
            }
            ("GET", ["repos", "o", "r", "git", "ref", "tags", tag]) => {
                let object = |sha: &String| json!({"object": {"type": "commit", "sha": sha}});
                found(self.tags.get(*tag).map(object))
            }
            _ => self.write(method, &parts, query, body),
        }
    }

    fn write(&mut self, method: &str, parts: &[&str], query: &str, body: &[u8]) -> (u16, Value) {
        let number = |text: &str| text.parse::<u64>().unwrap_or_default();
        match (method, parts) {
            ("POST", ["repos", "o", "r", "releases"]) => {
                let asked: Value = serde_json::from_slice(body).unwrap();
                self.next += 1;
                let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
                self.draft(self.next, &text("tag_name"), &text("target_commitish"));
                let made = self.releases.get_mut(&self.next).unwrap();
                merge(made, &asked);
                (201, made.clone())
            }
            ("PATCH", ["repos", "o", "r", "releases", id]) => {
                let asked: Value = serde_json::from_slice(body).unwrap();
                let Some(release) = self.releases.get_mut(&number(id)) else {
                    return found(None);
                };
                merge(release, &asked);
                release["latest"] = asked["make_latest"].clone();
                (200, release.clone())
            }
            ("POST", ["up", id, "assets"]) => {
                let name = query.strip_prefix("name=").unwrap().replace("%2B", "+");
                if !self.releases.contains_key(&number(id)) {
                    return found(None);
                }
                if self.names(number(id)).contains(&name) {
                    let errors = json!([{"code": "already_exists", "field": "name"}]);
                    return (422, json!({"message": "Validation Failed", "errors": errors}));
                }
                (201, self.attach(number(id), &name, body, "uploaded"))
            }
            _ => found(None),
        }
    }
}

fn found(value: Option<Value>) -> (u16, Value) {
    value.map_or((404, json!({"message": "Not Found"})), |value| (200, value))
}

fn gone(was: bool) -> (u16, Value) {
    if was { (204, Value::Null) } else { found(None) }
}

fn merge(into: &mut Value, from: &Value) {
    for (key, value) in from.as_object().unwrap() {
        into[key] = value.clone();
    }
}

fn serve(hub: &Shared, stream: TcpStream) {
    let mut reader = BufReader::new(stream);
    while let Some((line, headers)) = head(&mut reader) {
        let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
        let mut words = line.split(' ');
        let (method, target) = (words.next().unwrap(), words.next().unwrap());
        let mut hub = hub.lock().unwrap();
        hub.log.push(format!("{method} {target}"));
        assert_eq!(headers.get("authorization").unwrap(), "Bearer canary-token");
        let fault = hub.fault(&format!("{method} {target}"));
        let mut body =
            vec![0; if matches!(fault, Some(Fault::Half)) { length / 2 } else { length }];
        reader.read_exact(&mut body).unwrap();
        let before: Value = hub.releases.values().rev().cloned().collect();
        let (status, more, text) = match fault {
            Some(Fault::Half) => {
                let (_, query) = target.split_once("?name=").unwrap();
                let query = &query.replace("%2B", "+");
                let release = target.split('/').nth(2).unwrap().parse().unwrap();
                hub.attach(release, query, &body, "starter");
                return;
            }
            Some(Fault::Answer(status, more, text)) => (status, more, text.to_owned()),
            Some(Fault::Silent) => {
                hub.answer(method, target, &body);
                return;
            }
            fault => {
                if matches!(fault, Some(Fault::OtherDraft)) {
                    hub.draft(3, "v1.2.3", "c0ffee");
                }
                let (status, mut value) = hub.answer(method, target, &body);
                if matches!(fault, Some(Fault::StaleList)) {
                    let known = |release: &Value| release["id"] != json!(hub.next);
                    value =
                        before.as_array().unwrap().iter().filter(|r| known(r)).cloned().collect();
                }
                let is_empty = value.is_null();
                (status, "", if is_empty { String::new() } else { value.to_string() })
            }
        };
        drop(hub);
        let length = text.len();
        let head = format!("HTTP/1.1 {status} X\r\n{more}content-length: {length}\r\n\r\n");
        reader.get_mut().write_all(format!("{head}{text}").as_bytes()).unwrap();
    }
}

/// A request's first line and headers; nothing at the connection's end.
fn head(reader: &mut BufReader<TcpStream>) -> Option<(String, BTreeMap<String, String>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            return Some((line, headers));
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
}
