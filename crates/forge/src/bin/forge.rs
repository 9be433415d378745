//! A forge for manual tests: `forge FOLDER` writes `addresses.json`, `ca.pem` and `environment`
//! (the variables of a job of GitHub Actions, as `NAME=VALUE`) there, and runs until its standard
//! input ends.

use std::path::PathBuf;
use std::{env, fs, io};

use forge::{Forge, Service, Setup};
use serde_json::{Map, Value, json};

const SERVICES: [(&str, Service); 8] = [
    ("registry", Service::Registry),
    ("tokens", Service::Tokens),
    ("api", Service::Api),
    ("uploads", Service::Uploads),
    ("objects", Service::Objects),
    ("index", Service::Index),
    ("issuer", Service::Issuer),
    ("artifacts", Service::Artifacts),
];

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("usage: forge FOLDER"))?;
    let forge = Forge::start(Setup { tls: true, ..Setup::default() })?;
    let pair = |(name, service): &(&str, Service)| {
        let both = json!({ "http": forge.url(*service), "https": forge.tls_url(*service) });
        ((*name).to_owned(), both)
    };
    let addresses: Map<String, Value> = SERVICES.iter().map(pair).collect();
    let environment = forge.environment().into_iter();
    let lines: String = environment.map(|(name, value)| format!("{name}={value}\n")).collect();
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("ca.pem"), forge.ca_pem())?;
    fs::write(folder.join("environment"), lines)?;
    fs::write(folder.join("addresses.json"), Value::Object(addresses).to_string())?;
    io::copy(&mut io::stdin(), &mut io::sink()).map(drop)
}
