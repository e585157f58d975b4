//! The program `cronofy`.

use std::env;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use cronofy_cli::demo::{self, Format, Paint, TransportName, rollout};
use cronofy_cli::{Complaint, Exit, sandbox_command};
use cronofy_sandbox::{AutoConsent, RefreshMode};

/// Cronofy authorization on this machine: a demo of every way of connecting, and a sandbox to try your own.
///
/// Independent of Cronofy: not made, endorsed or supported by them. Nothing leaves this machine.
#[derive(Parser)]
#[command(name = "cronofy", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all went as asked
  1  something failed
  2  the command line cannot be understood, or asks for what is never done

Colour is used on a terminal only, and never where NO_COLOR is set.";

#[derive(Subcommand)]
enum Command {
    /// Run every way of connecting against an embedded sandbox, and tell what happens.
    ///
    /// Each flow gets a fresh sandbox and goes over real HTTP, driven by the same code through each transport.
    /// The demo plays the person in the browser and the application that is called back. `http_requests`
    /// counts what the library sends; the browser's requests are told, and not counted.
    #[command(after_help = EXIT_CODES)]
    Demo(DemoArgs),
    /// A process of `demo rollout`.
    #[command(name = rollout::WORKER, hide = true)]
    RolloutWorker,
    /// Serve the sandbox until Ctrl-C.
    ///
    /// The first line on standard output is one JSON object: `ready`, `api_url`, `app_url`, `client_id`,
    /// `client_secret`, and the people, rooms, service accounts and organizational unit in it. Every request is a
    /// line on standard error.
    #[command(after_help = EXIT_CODES)]
    Sandbox(SandboxArgs),
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
struct DemoArgs {
    #[command(subcommand)]
    which: Option<WhichDemo>,
    /// What the library sends its requests over.
    #[arg(long, value_enum, default_value_t = Transports::Both)]
    transport: Transports,
    /// Print the report as one JSON object, and nothing else.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum WhichDemo {
    /// Roll an application out to a whole organization, and count what the sandbox saw of it.
    ///
    /// Without `--kill` one process works by the sandbox's clock, at Cronofy's own limits. With it several work in real
    /// time, and are killed at random. How far it is goes to standard error.
    #[command(after_help = EXIT_CODES)]
    Rollout(RolloutArgs),
}

#[derive(Args)]
struct RolloutArgs {
    /// How many mailboxes there are.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = value_parser!(u32).range(1..=100_000))]
    mailboxes: u32,
    /// Let several processes work, and kill them at random.
    #[arg(long)]
    kill: bool,
    /// How many.
    #[arg(long, value_name = "N", default_value_t = 4, requires = "kill", value_parser = value_parser!(u8).range(1..=32))]
    processes: u8,
    /// Let the processes share this PostgreSQL database rather than a SQLite file. Without a URL it is that of the
    /// environment variable `CRONOFY_POSTGRES`: whoever lists processes sees arguments, and the password in them.
    #[arg(long, value_name = "URL", requires = "kill", num_args = 0..=1, default_missing_value = "")]
    postgres: Option<String>,
    /// Chooses whom to kill, and when.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "kill")]
    seed: u64,
    /// Print the report as one JSON object, and nothing else.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Transports {
    /// Asynchronous, on tokio.
    Hyper,
    /// Blocking, without a runtime.
    Ureq,
    /// One after the other.
    Both,
}

#[derive(Args)]
struct SandboxArgs {
    /// Where to listen, on this machine only; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Let `--listen` name an address that other machines can reach. Whoever reaches the sandbox gets a token for
    /// everybody in it.
    #[arg(long)]
    listen_beyond_loopback: bool,
    /// The base of the URLs in its answers, where clients know it by another name, as in a container.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Redirect from the authorization pages at once: as this person, with `auto` as the first who fits, or with
    /// `deny` as somebody who says no.
    #[arg(long, value_name = "EMAIL|auto|deny")]
    auto_consent: Option<AutoConsent>,
    /// Add the world in this TOML file, or start with it alone where it says `world = "replace"`. Can be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Make identifiers and secrets the same in every run with this number.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How long access tokens live. Unless set, an hour, and half an hour for service accounts.
    #[arg(long, value_name = "SECONDS")]
    token_lifetime: Option<u64>,
    /// How long a code can be redeemed. Unless set, ten minutes.
    #[arg(long, value_name = "SECONDS")]
    code_lifetime: Option<u64>,
    /// Replace the refresh token at every refresh; the one before it is then dead.
    #[arg(long)]
    rotate_refresh_tokens: bool,
    /// Let callbacks go to this host besides this machine, such as host.docker.internal. Can be repeated.
    #[arg(long, value_name = "HOST")]
    callback_host: Vec<String>,
    /// Do not print a line for each request on standard error.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(DemoArgs { which: Some(WhichDemo::Rollout(args)), .. }) => roll_out(args),
        Command::Demo(args) => demo(&args),
        Command::RolloutWorker => {
            rollout::work().map(|()| Exit::Success).map_err(|failure| stopped(&failure))
        }
        Command::Sandbox(args) => sandbox(args),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(complaint) => {
            // Where nobody can be told, the exit code still says it.
            let _ = write!(io::stderr(), "{complaint}");
            complaint.exit.into()
        }
    }
}

fn demo(args: &DemoArgs) -> Result<Exit, Complaint> {
    let transports: &[TransportName] = match args.transport {
        Transports::Hyper => &[TransportName::Hyper],
        Transports::Ureq => &[TransportName::Ureq],
        Transports::Both => &TransportName::ALL,
    };
    let mut out = io::stdout().lock();
    let format = if args.json { Format::Json } else { Format::Story(paint(out.is_terminal())) };
    match demo::run(transports, format, &mut out, &()).and_then(|ok| out.flush().map(|()| ok)) {
        Ok(true) => Ok(Exit::Success),
        Ok(false) => Ok(Exit::Failure),
        Err(error) => unwritten(&error),
    }
}

fn roll_out(args: RolloutArgs) -> Result<Exit, Complaint> {
    let RolloutArgs { mailboxes, kill, processes, postgres, seed, json } = args;
    let processes = kill.then_some(usize::from(processes));
    let postgres =
        postgres.map(|url| if url.is_empty() { std::env::var("CRONOFY_POSTGRES") } else { Ok(url) });
    let postgres = postgres.transpose().map_err(|_| Complaint {
        what: "there is no URL of a PostgreSQL database".to_owned(),
        why: "CRONOFY_POSTGRES is not set, or is no text".to_owned(),
        next:
            "CRONOFY_POSTGRES=postgres://user:password@host/database cronofy demo rollout --kill --postgres"
                .to_owned(),
        exit: Exit::Usage,
    })?;
    let plan = rollout::Plan { mailboxes: mailboxes as usize, processes, postgres, seed };
    let mut out = io::stdout().lock();
    let format = if json { Format::Json } else { Format::Story(paint(out.is_terminal())) };
    match rollout::run(&plan, format, &mut out).and_then(|done| out.flush().map(|()| done)) {
        Ok(Ok(true)) => Ok(Exit::Success),
        Ok(Ok(false)) => Ok(Exit::Failure),
        Ok(Err(failure)) => Err(stopped(&failure)),
        Err(error) => unwritten(&error),
    }
}

fn stopped(failure: &demo::Failure) -> Complaint {
    Complaint {
        what: "the roll-out could not be gone on with".to_owned(),
        why: failure.to_string(),
        next: "cronofy demo rollout --mailboxes 60 --kill".to_owned(),
        exit: Exit::Failure,
    }
}

/// A report that could not be printed.
fn unwritten(error: &io::Error) -> Result<Exit, Complaint> {
    // Whoever reads, as `head` does, has seen enough.
    if error.kind() == ErrorKind::BrokenPipe {
        return Ok(Exit::Failure);
    }
    Err(Complaint {
        what: "the demo's report cannot be written".to_owned(),
        why: error.to_string(),
        next: "cronofy demo --json > report.json".to_owned(),
        exit: Exit::Failure,
    })
}

fn sandbox(args: SandboxArgs) -> Result<Exit, Complaint> {
    let settings = sandbox_command::Settings {
        listen: args.listen,
        listen_beyond_loopback: args.listen_beyond_loopback,
        public_url: args.public_url,
        auto_consent: args.auto_consent,
        scenarios: args.scenario,
        seed: args.seed,
        log: (!args.quiet).then(|| paint(io::stderr().is_terminal())),
        token_lifetime: args.token_lifetime.map(Duration::from_secs),
        code_lifetime: args.code_lifetime.map(Duration::from_secs),
        refresh_mode: args.rotate_refresh_tokens.then_some(RefreshMode::RotateStrict),
        callback_hosts: args.callback_host,
    };
    // Not locked: a thread that has to say why it panics would wait for ever.
    sandbox_command::run(&settings, &mut io::stdout(), &mut io::stderr()).map(|()| Exit::Success)
}

/// As <https://no-color.org> asks for it.
fn paint(terminal: bool) -> Paint {
    let wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let able = env::var_os("TERM").is_none_or(|value| value != "dumb");
    if terminal && wanted && able { Paint::Colour } else { Paint::Plain }
}
