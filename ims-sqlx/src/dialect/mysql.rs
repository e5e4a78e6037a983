//! MySQL and MariaDB: many writers at once, and statements that cost more to send than to make.
//!
//! A load is one message to the server and a commit is one message: a text of several statements, which the server makes
//! one after the other until one of them fails. So whatever must not be committed has to be an error before `COMMIT` is
//! reached: see `script`. Rows are locked in the order of the steps, which every writer keeps to, and the row of the log
//! is taken last: whoever has that row is alone until its `COMMIT`, so offsets become visible in their order and without
//! a gap.

mod connect;
mod fault;
mod held;
mod literal;
mod migrate;
mod question;
mod script;
mod stale;
mod write;

use super::{
    Abandoned, Ask, Dialect, Effect, Hosts, Lent, Line, Purpose, Reading, Room, Transaction, Unanswered, count,
    in_time, reach,
};
use crate::options::OpenOptions;
use crate::plan::{CatalogMay, Plan};
use crate::sql::Sql;
use crate::value::Row;
use connect::{Server, Use};
use fault::{Stop, failed};
use held::HeldMySql;
use ims_core::{Connections, Offset, Outcome, StoreError, StoreErrorKind};
use script::{Begin, Mark, Packet, Script};
use sqlx::mysql::MySqlPool;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Either, Executor as _, MySqlConnection};
use std::time::Duration;

use futures_util::TryStreamExt as _;

type Connection = PoolConnection<sqlx::MySql>;

/// A MySQL or MariaDB database.
#[derive(Clone, Debug)]
pub(crate) struct MySql {
    writer: MySqlPool,
    readers: MySqlPool,
    reports: MySqlPool,
    hosts: Hosts<sqlx::MySql>,
    server: Server,
    timeout: Duration,
    stalled_turn: Duration,
}

impl MySql {
    /// Connects to a database and brings its schema up to date.
    pub(crate) async fn open(url: &str, options: &OpenOptions) -> Result<Self, StoreError> {
        let hosts = connect::hosts(url, options)?;
        let (mut first, target, connect) = hosts.connect().await?;
        let server = prepare(&mut first, options).await;
        reach::close(first).await;
        let server = server.map_err(|error| reach::where_none_is(error, &target))?;
        let writer = connect::pool(connect.clone(), options, Use::Write, &hosts);
        let readers = connect::pool(connect.clone(), options, Use::Read(server.reads(), Line::Commands), &hosts);
        let reports = connect::pool(connect, options, Use::Read(server.reads(), Line::Reports), &hosts);
        Ok(MySql {
            writer,
            readers,
            reports,
            hosts,
            server,
            timeout: options.statement_timeout,
            stalled_turn: options.stalled_turn(),
        })
    }

    /// Takes a connection from one of its pools.
    async fn acquire(&self, pool: &MySqlPool) -> Result<Connection, StoreError> {
        self.hosts.acquire(pool, &self.pools()).await
    }

    fn pools(&self) -> [&MySqlPool; 3] {
        [&self.writer, &self.readers, &self.reports]
    }

    /// Sends the messages of a change. The last one ends with `COMMIT`.
    async fn send(&self, connection: &mut MySqlConnection, script: Script) -> Result<Offset, Stop> {
        let mut newest = Offset::START;
        let last = script.packets.len().saturating_sub(1);
        for (at, packet) in script.packets.into_iter().enumerate() {
            let lost = if at == last { StoreErrorKind::Unknown } else { StoreErrorKind::Unavailable };
            let sent = async { Ok(run(connection, packet, lost).await) };
            newest = in_time(self.timeout, lost, sent).await.map_err(Stop::Lost)??;
        }
        Ok(newest)
    }
}

/// Learns what there is to know about a server and makes the tables.
async fn prepare(connection: &mut MySqlConnection, options: &OpenOptions) -> Result<Server, StoreError> {
    connect::settle(connection, options).await?;
    let server = Server::ask(connection).await?;
    migrate::migrate(connection, &server, options.missing).await?;
    Ok(server)
}

impl Ask for MySql {
    /// A server works on for a connection that is gone, until it has something to send.
    const WITHOUT_ITS_ASKER: Abandoned = Abandoned::GoesOn;

    async fn ask(&self, questions: &[Sql], reading: Reading) -> Result<Vec<Vec<Row>>, Unanswered> {
        let pool = match reading.line {
            Line::Commands => &self.readers,
            Line::Reports => &self.reports,
        };
        let mut lent = Lent::of(self.acquire(pool).await?);
        let work = question::ask(&mut lent.connection, questions, &self.server, Transaction::Own, reading.room);
        let answers = in_time(self.timeout, StoreErrorKind::Unavailable, work).await;
        lent.end(answers)
    }
}

impl Dialect for MySql {
    type Held = HeldMySql;

    type Turn = Lent<sqlx::MySql>;

    async fn commit(&self, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let script = Script::of(plan, &self.server, Begin::Now);
        let mut lent = Lent::of(self.acquire(&self.writer).await?);
        let sent = self.send(&mut lent.connection, script).await;
        self.end(lent, plan, sent).await
    }

    async fn take_turn(&self, locks: &[Sql]) -> Result<Self::Turn, StoreError> {
        let mut lent = Lent::of(self.acquire(&self.writer).await?);
        let text = AssertSqlSafe(self.server.begin_turn(self.stalled_turn));
        let begin = async { lent.connection.execute(sqlx::raw_sql(text)).await.map(|_| ()).map_err(failed) };
        in_time(self.timeout, StoreErrorKind::Unavailable, begin).await?;
        self.extend_turn(lent, locks).await
    }

    async fn extend_turn(&self, mut turn: Self::Turn, locks: &[Sql]) -> Result<Self::Turn, StoreError> {
        if !locks.is_empty() {
            let work = question::ask(&mut turn.connection, locks, &self.server, Transaction::Open, Room::All);
            in_time(self.timeout, StoreErrorKind::Unavailable, work).await?;
        }
        Ok(turn)
    }

    async fn commit_in(&self, mut turn: Self::Turn, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let script = Script::of(plan, &self.server, Begin::Before);
        let sent = self.send(&mut turn.connection, script).await;
        self.end(turn, plan, sent).await
    }

    async fn write(&self, statement: &Sql) -> Result<Effect, StoreError> {
        let mut connection = self.acquire(&self.writer).await?;
        let work = write::write(&mut connection, statement, &self.server);
        let effect = in_time(self.timeout, StoreErrorKind::Unknown, work).await;
        let Err(error) = effect else { return effect };
        connection.close_on_drop();
        drop(connection);
        Err(self.hosts.unwritten(error, &self.pools()).await)
    }

    const CLOCK: &'static str = "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))";

    async fn close(&self) {
        self.reports.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }

    fn connections(&self) -> Connections {
        count(self.pools())
    }

    async fn hold(&self, purpose: Purpose) -> Result<HeldMySql, StoreError> {
        let (pool, begin) = match purpose {
            Purpose::Look => (&self.reports, question::BEGIN),
            Purpose::Write => (&self.writer, "START TRANSACTION"),
        };
        let mut connection = self.acquire(pool).await?;
        connection.close_on_drop();
        let work = async { connection.execute(sqlx::raw_sql(begin)).await.map_err(failed) };
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await?;
        Ok(HeldMySql { connection, server: self.server, timeout: self.timeout })
    }
}

impl MySql {
    /// Tells what became of a change whose messages were sent.
    async fn end(
        &self,
        mut lent: Lent<sqlx::MySql>,
        plan: &Plan<'_>,
        sent: Result<Offset, Stop>,
    ) -> Result<Outcome, StoreError> {
        match sent {
            Ok(newest) => lent.end(Ok(Outcome::Done { newest, moved: plan.catalog_may == CatalogMay::Move })),
            Err(Stop::Conflict(conflict)) => {
                let rolled_back = self.roll_back(&mut lent.connection).await;
                _ = lent.end(rolled_back);
                Ok(Outcome::Conflict(conflict))
            }
            Err(Stop::Refused(error)) => {
                let rolled_back = self.roll_back(&mut lent.connection).await;
                _ = lent.end(rolled_back);
                let error = self.hosts.unwritten(error, &self.pools()).await;
                self.explain(plan, error).await
            }
            Err(Stop::Lost(error)) => lent.end(Err(error)),
        }
    }

    /// Ends a transaction that is to leave nothing. Where the server does not confirm that, the connection goes, and the
    /// transaction with it. After a lock was waited for in vain the transaction is still open: this is what ends it.
    async fn roll_back(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let end = async { connection.execute("ROLLBACK").await.map(|_| ()).map_err(failed) };
        in_time(self.timeout, StoreErrorKind::Unavailable, end).await
    }
}

impl MySql {
    /// Tells why values were refused. They may have been decided on rows that have changed since: the server looks at the
    /// values before it comes to the versions.
    async fn explain(&self, plan: &Plan<'_>, error: StoreError) -> Result<Outcome, StoreError> {
        if !matches!(error.kind, StoreErrorKind::Corrupt | StoreErrorKind::OutOfRange) {
            return Err(error);
        }
        let (questions, blames) = stale::questions(plan);
        match stale::read(&self.ask(&questions, Reading::ROWS).await?, &blames) {
            Some(conflict) => Ok(Outcome::Conflict(conflict)),
            None => Err(error),
        }
    }
}

/// Sends one message and reads what comes back for each of its statements.
async fn run(connection: &mut MySqlConnection, packet: Packet, lost: StoreErrorKind) -> Result<Offset, Stop> {
    let mut newest = Offset::START;
    let mut marks = packet.marks.into_iter();
    let mut mark = marks.next().unwrap_or(Mark::Commit);
    let mut results = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(packet.text)));
    while let Some(result) = results.try_next().await.map_err(|error| fault::stop(error, mark, lost))? {
        let Either::Left(done) = result else { continue };
        if mark == Mark::Head {
            newest = Offset(done.last_insert_id());
        }
        mark = marks.next().unwrap_or(Mark::Commit);
    }
    Ok(newest)
}
