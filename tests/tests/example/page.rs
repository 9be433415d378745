//! `report.html` in a real browser: its words, its fit on wide and narrow screens, and whether
//! light and dark can both be read.

use std::fs;
use std::path::Path;

use product_tests::judges::{self, Judge, Verdict};
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::manifest::Release;

/// No daemon, no network, no sandbox (root has none), nothing kept.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=10000",
    "--allow-file-access-from-files",
];

/// The least ratio between the brightness of text and of what is behind it (WCAG 2.1, 1.4.3).
const CONTRAST: f64 = 4.5;

/// Holds the page in a frame of a width and measures it: the page itself runs no script.
const MEASURE: &str = include_str!("measure.html");

fn browse(chromium: &Judge, profile: &Path, flags: &[&str], address: &str) -> Verdict {
    let mut command = chromium.command();
    command.args(FLAGS).args(flags).arg(format!("--user-data-dir={}", profile.display()));
    Verdict::of(command.arg(address)).accepted()
}

fn scheme(dark: bool) -> &'static str {
    if dark { "--blink-settings=preferredColorScheme=0" } else { "--no-pings" }
}

#[test]
#[ignore = "slow report: asks for a browser"]
fn the_page_shows_every_package_and_artifact() {
    let Some(chromium) = judges::find("chromium") else { return };
    let release = Release::example();
    let work = Scratch::new("page").unwrap();
    let address = format!("file://{}", release.dist.join("report.html").display());
    let page = browse(&chromium, work.path(), &["--dump-dom"], &address).stdout;
    assert!(page.contains("<title>Release 1.0.0</title>"), "{page}");
    let packages = release.manifest["artifacts"].as_array().unwrap().iter();
    for name in packages.clone().map(|artifact| artifact["package"].as_str().unwrap()) {
        assert!(page.contains(&format!("<th scope=\"row\">{name}</th>")), "{name}");
    }
    for artifact in packages {
        let digest = artifact["digest"].as_str().unwrap().trim_start_matches("sha256:");
        assert!(page.contains(digest), "{artifact}");
    }
}

#[test]
#[ignore = "slow report: asks for a browser"]
fn the_page_fits_every_screen_and_can_be_read_in_light_and_dark() {
    let Some(chromium) = judges::find("chromium") else { return };
    let work = Scratch::new("fit").unwrap();
    let report = Release::example().dist.join("report.html");
    let mut grounds = Vec::new();
    for (width, dark) in [(1280, false), (1280, true), (390, false), (390, true), (320, false)] {
        let frame = work.join("frame.html");
        let text = MEASURE.replace("WIDTH", &width.to_string());
        fs::write(&frame, text.replace("PAGE", &report.display().to_string())).unwrap();
        let address = format!("file://{}", frame.display());
        let flags = ["--dump-dom", "--window-size=1600,1000", scheme(dark)];
        let told = browse(&chromium, &work.join("profile"), &flags, &address).stdout;
        let measured = told.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next());
        let measured: Value = serde_json::from_str(measured.expect("the frame measures")).unwrap();
        assert_eq!(measured["width"], width);
        assert_eq!(measured["overflow"], 0, "at {width}: {measured}");
        assert_eq!(measured["scrolled"], 0, "a box is cut off at {width}: {measured}");
        println!("{measured}");
        let contrast = measured["contrast"].as_f64().unwrap();
        assert!(contrast >= CONTRAST, "at {width}, dark {dark}: {measured}");
        assert!(measured["texts"].as_u64().unwrap() > 100, "{measured}");
        grounds.push(measured["ground"].as_f64().unwrap());
    }
    let [light, dark, ..] = grounds[..] else { panic!("{grounds:?}") };
    assert!(light > 0.8 && dark < 0.1, "light and dark differ: {grounds:?}");
}

#[test]
#[ignore = "slow report: asks for a browser"]
fn the_page_is_drawn_in_light_and_dark() {
    let Some(chromium) = judges::find("chromium") else { return };
    let work = Scratch::new("drawn").unwrap();
    let address = format!("file://{}", Release::example().dist.join("report.html").display());
    let mut pictures = Vec::new();
    for dark in [false, true] {
        let picture = work.join(format!("{dark}.png"));
        let shot = format!("--screenshot={}", picture.display());
        let flags = [shot.as_str(), "--window-size=1280,900", scheme(dark)];
        browse(&chromium, &work.join("profile"), &flags, &address);
        pictures.push(fs::read(picture).unwrap());
    }
    // An empty page of this size takes some 5 kB.
    assert!(pictures.iter().all(|picture| picture.len() > 30_000));
    assert!(pictures[0] != pictures[1], "dark looks different");
}
