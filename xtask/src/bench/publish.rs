//! How long it takes to push an image of two platforms to a registry on this machine: ours beside
//! crane, skopeo and oras, which push the same layout, and Docker Engine, which has it loaded; and
//! 200 files to a Python index, ours beside uv.

mod engine;
mod python;
mod registry;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use self::engine::Engine;
use self::registry::Registry;
use crate::measure::{self, Cost};
use crate::{Failure, cache, docs, workspace};

/// Runs of which the median is taken, each into an empty registry.
const RUNS: usize = 7;

/// What a second push with nothing to do may take, in milliseconds.
const IDLE_AIM_MS: f64 = 50.0;

/// Share of the best peer's time, and peak KiB, that a first push is to stay under.
const AIM: (f64, f64) = (0.7, 25.0 * 1024.0);

/// Measures and prints.
pub fn run() -> Result<(), Failure> {
    let product = docs::product()?.display().to_string();
    let folder = workspace::own_folder()?.join("bench/publish");
    let _ = fs::remove_dir_all(&folder);
    images(&product, &folder)?;
    python::run(&product, &folder)
}

fn images(product: &str, folder: &Path) -> Result<(), Failure> {
    let address = free_address()?;
    let dist = release(product, &folder.join("tree"), &address)?;
    let layout = dist.join("oci/bench").display().to_string();
    let dist = dist.display().to_string();
    let reference = format!("{address}/bench/bench:1.0.0");
    let peers = peers(&layout, &reference);
    let ours = words(&format!("publish {dist} --only oci --key {dist}/signing-key.pub"));
    println!("push of an image for two platforms, median of {RUNS} runs into an empty registry");
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); peers.len() + 1];
    let (mut idle, mut stands) = (Vec::new(), Vec::new());
    let index = index_of(Path::new(&layout))?;
    let engine = loaded(product, &ours, folder, &address, &reference);
    let mut docker = Vec::new();
    // In turn, so that what else the machine does hits all alike.
    for _ in 0..RUNS {
        for (at, (name, words)) in peers.iter().enumerate() {
            let registry = Registry::start(folder, &address)?;
            push(&mut costs[at + 1], &judge(name), words)?;
            drop(registry);
        }
        if let Ok(engine) = &engine {
            let registry = Registry::start(folder, &address)?;
            push(&mut docker, "env", &engine.line(&["push", "--quiet", &reference]))?;
            registry.holds("bench/bench", &index)?;
            drop(registry);
        }
        let registry = Registry::start(folder, &address)?;
        push(&mut costs[0], product, &ours)?;
        push(&mut idle, product, &ours)?;
        drop(registry);
        let registry = Registry::start(folder, &address)?;
        stands.push(Cost { wall_ms: until(product, &ours, &index)?, peak_kib: 0.0 });
        drop(registry);
    }
    let docker = engine.map(|_| measure::median(&docker)).map_err(|error| error.to_string());
    tell(&costs, docker, measure::median(&idle), measure::median(&stands).wall_ms);
    Ok(())
}

/// What the others are told to push the layout.
fn peers(layout: &str, reference: &str) -> [(&'static str, Vec<String>); 3] {
    [
        ("crane", words(&format!("push --index --insecure {layout} {reference}"))),
        (
            "skopeo",
            words(&format!(
                "copy --quiet --all --dest-tls-verify=false oci:{layout}:1.0.0 docker://{reference}"
            )),
        ),
        (
            "oras",
            words(&format!(
                "cp --no-tty --from-oci-layout --to-plain-http {layout}:1.0.0 {reference}"
            )),
        ),
    ]
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn tell(costs: &[Vec<Cost>], docker: Result<Cost, String>, idle: Cost, stands: f64) {
    let medians: Vec<Cost> = costs.iter().map(|costs| measure::median(costs)).collect();
    let names = ["ours, with evidence", "crane", "skopeo", "oras"];
    for (name, cost) in names.into_iter().zip(&medians) {
        println!("{}", row(name, *cost));
    }
    match docker {
        Ok(cost) => println!("{} (the client's)", row("docker push", cost)),
        Err(reason) => println!("  docker push            not measured: {reason}"),
    }
    println!("{}", row("ours, nothing to do", idle));
    println!("  ours, image stands     {stands:>8.1} ms (like peers: no evidence, tags, look)");
    let best = medians[1..].iter().map(|cost| cost.wall_ms).fold(f64::INFINITY, f64::min);
    let ratio = medians[0].wall_ms / best;
    println!("ours / best peer: time {ratio:.2}, image alone {:.2}", stands / best);
    let met = ratio <= AIM.0 && medians[0].peak_kib <= AIM.1 && idle.wall_ms <= IDLE_AIM_MS;
    println!("the aim (0.7, 25 MiB, {IDLE_AIM_MS} ms) is {}", if met { "met" } else { "NOT met" });
}

/// An engine that has the image of both platforms, pulled from where `ours` pushed it.
fn loaded(
    product: &str,
    ours: &[String],
    folder: &Path,
    address: &str,
    reference: &str,
) -> Result<Engine, Failure> {
    let engine = Engine::start(&folder.join("engine"))?;
    let registry = Registry::start(folder, address)?;
    push(&mut Vec::new(), product, ours)?;
    for platform in ["linux/amd64", "linux/arm64"] {
        let words = ["pull", "--quiet", "--platform", platform, reference];
        push(&mut Vec::new(), "env", &engine.line(&words))?;
    }
    drop(registry);
    Ok(engine)
}

fn push(costs: &mut Vec<Cost>, program: &str, words: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    costs.push(measure::run(&workspace::root(), program, &words)?);
    Ok(())
}

/// The digest of a layout's one image.
fn index_of(layout: &Path) -> Result<String, Failure> {
    let index: Value = serde_json::from_slice(&fs::read(layout.join("index.json"))?)?;
    let digest = index["manifests"][0]["digest"].as_str();
    Ok(digest.ok_or("the layout names no image")?.to_owned())
}

/// Milliseconds until the product says that it wrote and read back what has `digest`.
fn until(product: &str, words: &[String], digest: &str) -> Result<f64, Failure> {
    let start = Instant::now();
    let mut child = Command::new(product)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stderr.take().ok_or("no output")?).lines();
    let told =
        lines.by_ref().flatten().any(|line| line.contains("wrote") && line.ends_with(digest));
    let wall_ms = start.elapsed().as_secs_f64() * 1000.0;
    lines.for_each(drop);
    let good = child.wait()?.success() && told;
    if good { Ok(wall_ms) } else { Err("the product did not push the image".into()) }
}

/// A judge where `cargo xtask judges` puts it, else from PATH.
fn judge(name: &str) -> String {
    let own = cache::folder("judges/bin").map(|folder| folder.join(name));
    let own = own.ok().filter(|path| path.is_file());
    own.map_or_else(|| name.to_owned(), |path| path.display().to_string())
}

/// A sealed release of one image, whose binaries carry 45 MB of machine code each: that of Helm.
fn release(product: &str, tree: &Path, registry: &str) -> Result<PathBuf, Failure> {
    fs::create_dir_all(tree.join("bench"))?;
    let config = format!(
        "[release]\nversion = \"1.0.0\"\nregistry = \"{registry}/bench\"\n\n[[package]]\n\
         name = \"bench\"\ndescription = \"Large\"\nlicense = \"MIT\"\n\
         binary = {{ go = \"bench\", platforms = [\"linux-amd64\", \"linux-arm64\"] }}\n\
         image = {{ from = \"binary\" }}\n"
    );
    fs::write(tree.join("package-actions.toml"), config)?;
    fs::write(tree.join("bench/go.mod"), "module example.com/bench\n\ngo 1.24\n")?;
    let program = "package main\n\nimport (\n\t_ \"embed\"\n\t\"os\"\n)\n\n\
                   //go:embed payload\nvar payload []byte\n\n\
                   func main() { os.Stdout.Write(payload) }\n";
    fs::write(tree.join("bench/main.go"), program)?;
    let helm = fs::canonicalize(judge("helm4"))?;
    let bytes = fs::read(helm)?;
    let payload = bytes.get(..PAYLOAD.min(bytes.len())).unwrap_or_default();
    fs::write(tree.join("bench/payload"), payload)?;
    let place = tree.display().to_string();
    workspace::output(product, &["release", "--local", &place])?;
    Ok(tree.join("dist"))
}

/// Bytes of what each binary carries.
const PAYLOAD: usize = 44 << 20;

/// An address that nobody listens at now.
fn free_address() -> Result<String, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

fn row(name: &str, cost: Cost) -> String {
    format!("  {name:<22} {:>8.1} ms {:>8.1} MiB", cost.wall_ms, cost.peak_kib / 1024.0)
}
