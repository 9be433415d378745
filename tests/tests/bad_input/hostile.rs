//! Releases made to hurt whoever verifies them: bombs, endless and deep documents, files that are
//! none. `verify` says no, within seconds and little memory.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use model::{Artifact, ArtifactKind, DocumentKind, Manifest, Signing};
use product_tests::forgery::{self, Files};
use product_tests::judges::Verdict;
use product_tests::scratch::Scratch;
use product_tests::{product, release};

/// Address space at most, in KiB: the kernel gives no more, and who asks for more aborts. The
/// honest example takes less than half of it.
const MEMORY: u64 = 512 << 10;

/// Seconds at most, on a busy machine.
const SECONDS: f64 = 20.0;

/// The example's Python packages and chart, unsigned: sealed again around whatever is put in.
fn small() -> Files {
    let mut files = forgery::load(&release::example());
    let mut manifest = forgery::manifest(&files);
    let small = [pypi::WHEEL, pypi::SDIST, helm::CHART];
    manifest.artifacts.retain(|artifact| small.contains(&artifact.kind));
    let kept = |path: &str| {
        let files = |artifact: &Artifact| {
            artifact.file.path == path || artifact.files.iter().any(|file| file.path == path)
        };
        manifest.artifacts.iter().any(files)
    };
    manifest.documents.retain(|document| document.about.as_deref().is_some_and(kept));
    manifest.signing = Signing::NONE;
    files.retain(|path, _| {
        kept(path) || manifest.documents.iter().any(|document| document.file.path == *path)
    });
    forgery::reseal(&mut files, manifest, None);
    files
}

fn first(files: &Files, kind: ArtifactKind) -> String {
    let manifest = forgery::manifest(files);
    manifest.artifacts.into_iter().find(|artifact| artifact.kind == kind).unwrap().file.path
}

/// Puts the files in a folder, does what is to be done there, verifies in little memory, and
/// expects a no, soon, that names `path`.
#[track_caller]
fn refused(what: &str, files: &Files, spoil: impl FnOnce(&Path), path: &str) -> Verdict {
    let work = Scratch::new("hostile").unwrap();
    let dist = work.join("dist");
    forgery::store(files, &dist);
    spoil(&dist);
    let start = Instant::now();
    let (told, seconds) = (verify(&dist), start.elapsed().as_secs_f64());
    println!("{what}: {seconds:.1} s");
    assert_eq!(told.code, 1, "{what}: {}", told.told());
    let named = told.stderr.lines().any(|line| line.starts_with(path) && line.contains("error["));
    assert!(named, "{what}: {path} is not named: {}", told.told());
    assert!(seconds < SECONDS, "{what}: {seconds} s");
    told
}

fn verify(dist: &Path) -> Verdict {
    let mut command = Command::new("sh");
    let words = format!("ulimit -v {MEMORY} && exec \"$0\" verify \"$1\"");
    Verdict::of(command.args(["-c", &words]).arg(product::binary()).arg(dist))
}

/// The release with this artifact's bytes in the place of the first of its kind, all sealed again:
/// only what is inside can tell.
#[track_caller]
fn refused_inside(what: &str, kind: ArtifactKind, bytes: Vec<u8>) {
    let mut files = small();
    let path = first(&files, kind);
    forgery::replace(&mut files, &path, bytes);
    let manifest = forgery::manifest(&files);
    forgery::reseal(&mut files, manifest, None);
    refused(what, &files, |_| {}, &format!("{path}: error["));
}

#[test]
fn an_honest_release_is_good_in_that_memory() {
    let work = Scratch::new("honest").unwrap();
    forgery::store(&small(), &work.join("dist"));
    verify(&work.join("dist")).accepted();
    verify(&release::example()).accepted();
}

/// A gzip member of so many zeros. Deflate packs them a thousand to one.
fn zeros(mebibytes: usize) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    for _ in 0..mebibytes {
        writer.write_all(&block).unwrap();
    }
    writer.finish().unwrap()
}

/// One zip entry whose deflated bytes become so many zeros; its header tells the truth or not.
fn zip_of_zeros(name: &str, mebibytes: usize, told: u32) -> Vec<u8> {
    let gzip = zeros(mebibytes);
    let (deflated, trailer) = gzip[10..].split_at(gzip.len() - 18);
    let crc = &trailer[..4];
    let fields = |signature: &[u8], made: &[u8]| {
        let packed = u32::try_from(deflated.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let start = [signature, made, &[20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0]].concat();
        [&start[..], crc, &packed, &told.to_le_bytes(), &name_length, &[0, 0]].concat()
    };
    let local = [&fields(b"PK\x03\x04", b"")[..], name.as_bytes(), deflated].concat();
    let mut central = fields(b"PK\x01\x02", &[20, 3]);
    central.extend([0; 14]);
    central.extend(name.as_bytes());
    let sizes = [central.len(), local.len()].map(|size| u32::try_from(size).unwrap().to_le_bytes());
    let end = [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &sizes[0], &sizes[1], &[0, 0]].concat();
    [local, central, end].concat()
}

#[test]
fn a_zip_bomb_as_a_wheel_is_refused() {
    let bomb = |told| zip_of_zeros("a/zeros", 2048, told);
    refused_inside("zip bomb, told", pypi::WHEEL, bomb(2048 << 20));
    refused_inside("zip bomb, told small", pypi::WHEEL, bomb(100));
    refused_inside("zip bomb, told huge", pypi::WHEEL, bomb(u32::MAX - 1));
    refused_inside("no zip", pypi::WHEEL, vec![b'P'; 70_000]);
}

#[test]
fn a_gzip_bomb_as_a_chart_or_sdist_is_refused() {
    let bomb = zeros(4096);
    refused_inside("gzip bomb as a chart", helm::CHART, bomb.clone());
    refused_inside("gzip bomb as an sdist", pypi::SDIST, bomb);
    // A tar header that claims eight exabytes.
    let mut header = vec![0; 1024];
    header[..4].copy_from_slice(b"c/ab");
    header[124..136].copy_from_slice(b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff");
    header[148..156].fill(b' ');
    header[156] = b'0';
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(&header).unwrap();
    refused_inside("tar bomb as a chart", helm::CHART, writer.finish().unwrap());
}

#[test]
fn a_manifest_of_brackets_is_refused() {
    let check = |what, text: String| {
        let files = Files::from([(Manifest::FILE.to_owned(), text.into_bytes())]);
        refused(what, &files, |_| {}, "release.json")
    };
    check("10 MB of brackets", "[".repeat(10 << 20));
    check("10 MB of braces", "{\"schema\":".repeat(1 << 20));
    check("deep inside a field", format!("{{\"schema\":{}", "[".repeat(10 << 20)));
    check("64 MB and a byte", " ".repeat((64 << 20) + 1));
    check("a long text", format!("{{\"schema\":\"{}\"}}", "a".repeat(50 << 20)));
    check("nothing", String::new());
}

#[test]
fn an_sbom_that_is_deep_or_long_is_refused() {
    let check = |what, text: String| {
        let mut files = small();
        let manifest = forgery::manifest(&files);
        let mut documents = manifest.documents.iter();
        let sbom = documents.find(|document| document.kind == DocumentKind::Sbom).unwrap();
        let path = sbom.file.path.clone();
        files.insert(path.clone(), text.into_bytes());
        forgery::reseal(&mut files, manifest, None);
        refused(what, &files, |_| {}, &format!("{path}: error[sbom-"));
    };
    check("a deep SBOM", "[".repeat(10 << 20));
    check("a deep SBOM of objects", "{\"packages\":".repeat(1 << 20));
    check("an SBOM of many", format!("{{\"packages\":[{}{{}}]}}", "{},".repeat(5 << 20)));
}

#[test]
fn a_file_of_a_gigabyte_is_refused_unread() {
    let files = small();
    let grow = |path: &str, size: u64| {
        let path = path.to_owned();
        move |dist: &Path| {
            let place = dist.join(path);
            let file = File::options().write(true).create(true).truncate(false).open(place);
            file.unwrap().set_len(size).unwrap();
        }
    };
    let wheel = first(&files, pypi::WHEEL);
    let documents = ["release.json", "checksums.txt", "INSTALL.md", "github/release.json"];
    let provenance = "provenance/release.intoto.json";
    for path in documents.into_iter().chain([wheel.as_str(), provenance, "extra", "oci/x"]) {
        let spoil = |dist: &Path| {
            fs::create_dir_all(dist.join(path).parent().unwrap()).unwrap();
            grow(path, 1 << 30)(dist);
        };
        refused(&format!("1 GB at {path}"), &files, spoil, path);
    }
    refused("1 TB", &files, grow(&wheel, 1 << 40), &wheel);
}

#[test]
fn what_is_no_file_is_refused_unopened() {
    let files = small();
    let wheel = first(&files, pypi::WHEEL);
    for path in [wheel.as_str(), "release.json", "INSTALL.md", "extra"] {
        let instead = |make: &dyn Fn(&Path)| {
            refused(
                path,
                &files,
                |dist| {
                    let _ = fs::remove_file(dist.join(path));
                    make(&dist.join(path));
                },
                path,
            );
        };
        instead(&|place| {
            assert!(Command::new("mkfifo").arg(place).status().unwrap().success());
        });
        instead(&|place| drop(UnixListener::bind(place).unwrap()));
        instead(&|place| symlink(place, place).unwrap());
        instead(&|place| symlink("/dev/zero", place).unwrap());
        instead(&|place| symlink("..", place).unwrap());
    }
}

#[test]
fn a_name_in_a_release_cannot_speak_for_us() {
    let files = small();
    let name = "x\n::stop-commands::y\u{1b}[2J";
    let spoil = |dist: &Path| fs::write(dist.join(name), "x").unwrap();
    let told = refused("a name with a line break", &files, spoil, "x\\n::stop-commands");
    assert!(!told.stderr.contains('\u{1b}'), "{}", told.told());
    assert!(!told.stderr.lines().any(|line| line.trim().starts_with("::")), "{}", told.told());
}

#[test]
fn folders_without_end_are_refused() {
    let spoil = |dist: &Path| {
        let mut place = dist.join("deep");
        fs::create_dir(&place).unwrap();
        for _ in 0..400 {
            place.push("deeper");
            fs::create_dir(&place).unwrap();
        }
    };
    refused("400 folders deep", &small(), spoil, "deep/deeper/");
}
