//! Measures the bot against the peers a team would pick instead, and against the floor. What is measured and what is fair about it is in README.md.

mod click;
mod figures;
mod floor;
mod load;
mod moving;
mod pgbench;
mod postgres;
mod server;
mod sink;
mod socket;
mod store;
mod table;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure, and print the table
    Run(figures::RunArgs),
    /// Print the table of a run again
    Table {
        /// The folder of the run
        folder: std::path::PathBuf,
    },
    /// Be Slack's Web API
    Sink(sink::SinkArgs),
    /// Be the floor
    Floor(floor::FloorArgs),
}

fn main() -> anyhow::Result<()> {
    let mut threads = tokio::runtime::Builder::new_multi_thread();
    let command = Cli::parse().command;
    if !matches!(command, Command::Floor(_)) {
        // What loads shares the machine with what is measured: it makes do with one. The floor has as many as the bot.
        threads.worker_threads(1);
    }
    threads.enable_all().build()?.block_on(async {
        match command {
            Command::Run(args) => figures::run(args).await,
            Command::Table { folder } => table::again(&folder),
            Command::Sink(args) => sink::serve(args).await,
            Command::Floor(args) => floor::serve(args).await,
        }
    })
}
