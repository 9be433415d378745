//! 200 files to a Python index on this machine: ours beside one `uv publish` of the same files.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{free_address, judge, row};
use crate::measure::{self, Cost};
use crate::{Failure, workspace};

/// Packages, of which each has a wheel and a source distribution.
const PACKAGES: usize = 100;

/// Runs of which the median is taken, each into an empty index.
const RUNS: usize = 5;

/// How long the index may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures and prints.
pub(super) fn run(product: &str, folder: &Path) -> Result<(), Failure> {
    let dist = release(product, &folder.join("python"))?;
    let files = files(&dist.join("pypi"))?;
    let (mut ours, mut uvs) = (Vec::new(), Vec::new());
    let dist = dist.display().to_string();
    let key = format!("{dist}/signing-key.pub");
    for _ in 0..RUNS {
        let index = Index::start(folder)?;
        let (upload, simple) = (index.url(""), index.url("simple/"));
        let mut words = vec![TOKEN, product, "publish", &dist, "--only", "pypi", "--key", &key];
        words.extend(["--publish-url", &upload, "--check-url", &simple]);
        ours.push(index.takes(&words, files.len())?);
        let index = Index::start(folder)?;
        let (upload, uv) = (index.url(""), judge("uv"));
        let mut words = vec![TOKEN, &uv, "publish", "--publish-url", &upload];
        words.extend(files.iter().map(String::as_str));
        uvs.push(index.takes(&words, files.len())?);
    }
    let (ours, uvs) = (measure::median(&ours), measure::median(&uvs));
    println!("{} files to a Python index, median of {RUNS} runs into an empty one", files.len());
    println!("{}", row("ours, looked at after", ours));
    println!("{}", row("uv publish", uvs));
    println!("ours / uv: time {:.2}", ours.wall_ms / uvs.wall_ms);
    Ok(())
}

/// The index takes everybody; uv asks for a token all the same.
const TOKEN: &str = "UV_PUBLISH_TOKEN=nobody";

/// A sealed release of packages that hold nothing but a requirement, and of what they require.
fn release(product: &str, tree: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(tree.join("base/src/base"))?;
    fs::write(tree.join("base/src/base/__init__.py"), "")?;
    let project = "[build-system]\nrequires = [\"hatchling\"]\n\
                   build-backend = \"hatchling.build\"\n\n\
                   [project]\nname = \"base\"\nversion = \"1.0.0\"\n";
    fs::write(tree.join("base/pyproject.toml"), project)?;
    let mut config = "[release]\nversion = \"1.0.0\"\n\n[[package]]\nname = \"base\"\n\
                      python = { path = \"base\" }\n"
        .to_owned();
    for number in 1..PACKAGES {
        writeln!(config, "\n[[package]]\nname = \"meta-{number:03}\"")?;
        writeln!(config, "license = \"MIT\"\npython = {{ meta = \"base\" }}")?;
    }
    fs::write(tree.join("package-actions.toml"), config)?;
    let place = tree.display().to_string();
    workspace::output(product, &["release", "--local", &place])?;
    Ok(tree.join("dist"))
}

fn files(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.path().display().to_string();
        if [".whl", ".tar.gz"].iter().any(|end| name.ends_with(end)) {
            files.push(name);
        }
    }
    files.sort();
    Ok(files)
}

/// `pypiserver` with an empty store; ended when dropped.
struct Index {
    child: Child,
    address: String,
    store: PathBuf,
}

impl Index {
    fn start(folder: &Path) -> Result<Self, Failure> {
        let store = folder.join("index");
        let _ = fs::remove_dir_all(&store);
        fs::create_dir_all(&store)?;
        let address = free_address()?;
        let port = address.rsplit(':').next().unwrap_or_default();
        let child = Command::new(judge("pypi-server"))
            .args(["run", "--interface", "127.0.0.1", "--port", port])
            .args(["--passwords", ".", "--authenticate", ".", "--disable-fallback"])
            .arg(&store)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut index = Self { child, address, store };
        let start = Instant::now();
        while TcpStream::connect(&index.address).is_err() {
            if start.elapsed() > PATIENCE || index.child.try_wait()?.is_some() {
                return Err("pypi-server does not listen".into());
            }
            thread::yield_now();
        }
        Ok(index)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// What the line costs after which the index has `count` files.
    fn takes(self, line: &[&str], count: usize) -> Result<Cost, Failure> {
        let cost = measure::run(&workspace::root(), "env", line)?;
        let there = files(&self.store)?.len();
        if there == count { Ok(cost) } else { Err(format!("{there} of {count} arrived").into()) }
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
