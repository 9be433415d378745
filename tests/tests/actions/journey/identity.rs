//! A job's identity, which stands in for every secret of the Python index: an index that trusts one
//! workflow, and what a runner hands to a job with `id-token: write`. `act` hands over none of it.

use std::fs;
use std::path::Path;

use forge::{IndexSetup, Publisher, Setup, Workflow};

use super::downstream::{Downstream, REPOSITORY};

/// With this a job asks for its identity; the runner keeps it out of the log.
pub const REQUEST: &str = "canary-that-asks-for-an-identity";

/// The environment that the templates name, and publishers too.
const ENVIRONMENT: &str = "pypi";

/// Services whose index takes files from `workflow` in that environment and from nobody else.
pub fn trusting(workflow: &str) -> Setup {
    let publisher = Publisher {
        repository: REPOSITORY.to_owned(),
        workflow: workflow.to_owned(),
        environment: Some(ENVIRONMENT.to_owned()),
        projects: vec!["mcp-contextforge-translate".to_owned()],
    };
    Setup {
        index: IndexSetup { publishers: vec![publisher], ..IndexSetup::default() },
        workflow: Workflow {
            repository: REPOSITORY.to_owned(),
            path: format!(".github/workflows/{workflow}"),
            reference: "refs/tags/v1.0.0".to_owned(),
            environment: Some(ENVIRONMENT.to_owned()),
            request_token: REQUEST.to_owned(),
            ..Workflow::default()
        },
        tls: true,
        ..Setup::default()
    }
}

/// What the runner sets in a job with `id-token: write`, and whom uv may trust there.
pub fn variables(down: &Downstream) -> Vec<(String, String)> {
    let given = down.forge.environment().into_iter();
    let asks = |(name, _): &(String, String)| name.starts_with("ACTIONS_ID_TOKEN_");
    let mut variables: Vec<_> = given.filter(asks).collect();
    let file = down.beside("authorities.pem");
    fs::write(&file, format!("{}{}", authorities(), down.forge.ca_pem())).unwrap();
    variables.push(("SSL_CERT_FILE".to_owned(), file.display().to_string()));
    variables
}

/// Sets them where a runner would: in the one job of a template that names the environment.
pub fn hand_over(down: &Downstream, template: &str) {
    let path = format!(".github/workflows/{template}.yml");
    let text = fs::read_to_string(down.repository().join(&path)).unwrap();
    let lines = variables(down).into_iter();
    let lines: String = lines.map(|(name, value)| format!("      {name}: {value}\n")).collect();
    let place = format!("    environment: {ENVIRONMENT}");
    let (before, after) = text.split_once(&place).expect("a job with that environment");
    assert!(!after.contains(&place), "{text}");
    down.write(&path, &format!("{before}    env:\n{lines}{place}{after}"));
}

/// Whom this machine trusts already.
fn authorities() -> String {
    let named = std::env::var_os("SSL_CERT_FILE");
    let usual = Path::new("/etc/ssl/certs/ca-certificates.crt");
    fs::read_to_string(named.as_deref().map_or(usual, Path::new)).unwrap_or_default()
}

/// All files of the index came by the identity.
#[track_caller]
pub fn is_proven(down: &Downstream) {
    let index = down.forge.index();
    assert!(index.files().count() > 0);
    assert!(index.files().all(|(_, file)| file.publisher.is_some()));
}
