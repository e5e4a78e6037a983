//! Engines: whatever they are asked, they answer as on [`crate::MemoryStore`], and leave the same rows.

use super::{
    StoreFactory,
    drive::{answers, log, same_state, shown, two_handles, with_engine, with_two_engines},
    finding::{Finding, ensure, equal, equal_lists},
    sample::{item_id, minute, quantity, site_id, text},
    script::{self, Step, at},
};
use crate::{
    order::{OrderedLine, PlaceOrder},
    stock::{CostedGoods, PlaceHold, ReceiveStock, ReleaseHold},
    *,
};

/// Has the script done on memory, and ends the case unless each step is answered as it says.
async fn done_on_memory(steps: &[Step]) -> Result<(MemoryStore, Vec<String>), Finding> {
    let memory = MemoryStore::new();
    let expected = with_engine(memory.clone(), async |engine| {
        let mut expected = Vec::with_capacity(steps.len());
        for Step { ctx, command, refused } in steps {
            let reply = engine.execute(ctx.clone(), command.clone()).await;
            let code = reply.as_ref().err().map(Error::code);
            ensure!(code == *refused, "the suite's own script: {command:?} gave {reply:?}, and not {refused:?}");
            expected.push(shown(&reply));
        }
        Ok(expected)
    })
    .await?;
    Ok((memory, expected))
}

pub(super) async fn every_verb_answers_as_on_memory<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let steps = script::script()?;
    let (memory, expected) = done_on_memory(&steps).await?;
    with_two_engines(two_handles(factory).await?, async |one, other| {
        // In turns, so that each has to learn what the other has done.
        let engines = [&one, &other].into_iter().cycle();
        for ((step, expected), engine) in steps.iter().zip(&expected).zip(engines) {
            let found = shown(&engine.execute(step.ctx.clone(), step.command.clone()).await);
            equal(&format!("the answer to {:?}", step.command), &found, expected)?;
        }
        equal_lists("the log", &log(one.store()).await?, &log(&memory).await?)?;
        same_state(&one.store().0, &memory).await?;
        same_state(&other.store().0, &memory).await
    })
    .await
}

pub(super) async fn many_commands_at_once_answer_as_one_by_one<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let steps = script::script()?;
    let (memory, expected) = done_on_memory(&steps).await?;
    with_engine(factory.fresh().await?, async |engine| {
        let commands = steps.iter().map(|step| (step.ctx.clone(), step.command.clone())).collect();
        let found: Vec<String> = engine.execute_all(commands).await.iter().map(shown).collect();
        equal_lists("the answers to the whole script at once", &found, &expected)?;
        equal_lists("the log", &log(engine.store()).await?, &log(&memory).await?)?;
        same_state(engine.store(), &memory).await
    })
    .await
}

/// So many more of an item of the opening.
fn replenish(number: u32, item: u32, units: i64) -> (Context, Command) {
    let goods =
        CostedGoods { item: item_id(script::opened_item(item)), quantity: quantity(units), unit_cost: Amount::ONE };
    let receive = ReceiveStock { site: site_id(1), supplier: None, lines: vec![goods] };
    (at(number.saturating_add(5_000), 10), receive.into())
}

/// What an engine remembers may be older than what it loads beside it: a stock of which others have sold, and its cost
/// layers, which are gone. It must not answer before it knows that what it saw is still so.
pub(super) async fn what_others_did_meanwhile_is_seen<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let opening = script::opening(3, 10)?;
    let hold = |number: u32, item: u32, units: i64, until: i64| {
        let (item, site) = (item_id(script::opened_item(item)), site_id(1));
        let hold = PlaceHold { item, site, quantity: quantity(units), until: minute(until) };
        (at(number.saturating_add(6_000), 1), Command::from(hold))
    };
    let release = |number: u32, hold: u32| {
        let hold = at(hold.saturating_add(6_000), 1).id.into();
        (at(number.saturating_add(7_000), 30), Command::from(ReleaseHold { hold }))
    };
    // In turns: what one does first, the other does not know of. The first has opened the shop and knows its layers.
    let steps = [
        script::sale(0, &[(3, 1)]),
        hold(1, 1, 1, 90),
        script::sale(1, &[(1, 9)]),
        script::sale(2, &[(1, 5)]),
        replenish(1, 1, 5),
        script::sale(3, &[(1, 5)]),
        hold(2, 2, 3, 20),
        hold(3, 2, 3, 90),
        replenish(2, 2, 1),
        script::sale(30, &[(2, 4), (2, 4)]),
        release(1, 2),
        script::sale(31, &[(2, 8), (3, 1)]),
        release(2, 3),
        script::sale(32, &[(2, 3), (3, 10)]),
        release(3, 1),
        script::sale(33, &[(2, 3), (3, 9), (1, 1)]),
        script::sale(34, &[(3, 1)]),
    ];
    let memory = MemoryStore::new();
    let expected = with_engine(memory.clone(), async |engine| {
        answers(&engine, &opening).await;
        Ok(answers(&engine, &steps).await)
    })
    .await?;
    with_two_engines(two_handles(factory).await?, async |one, other| {
        answers(&one, &opening).await;
        let engines = [&one, &other].into_iter().cycle();
        for ((step, expected), engine) in steps.iter().zip(&expected).zip(engines) {
            let found = shown(&engine.execute(step.0.clone(), step.1.clone()).await);
            equal(&format!("the answer to {:?}", step.1), &found, expected)?;
        }
        same_state(&one.store().0, &memory).await
    })
    .await
}

pub(super) async fn a_refusal_is_final<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    with_two_engines(two_handles(factory).await?, async |one, other| {
        answers(&one, &script::opening(2, 3)?).await;
        let too_many = [script::sale(0, &[(1, 1), (2, 4)])];
        let refused = answers(&one, &too_many).await;
        ensure!(refused.concat().contains("InsufficientStock"), "a sale of 4 of 3 was answered {refused:?}");
        let before = audit::state_hash(&one.store().0).await?;
        for engine in [&one, &other, &one] {
            equal_lists("the same refusal again", &answers(engine, &too_many).await, &refused)?;
        }
        equal("the state after it", &audit::state_hash(&one.store().0).await?, &before)?;
        answers(&other, &[replenish(0, 2, 100)]).await;
        for engine in [&one, &other] {
            equal_lists("the refusal once there is enough", &answers(engine, &too_many).await, &refused)?;
        }
        let (ctx, command) = script::sale(1, &[(1, 1), (2, 4)]);
        one.execute(ctx, command).await?;
        equal_lists("the refusal after another sale", &answers(&other, &too_many).await, &refused)
    })
    .await
}

pub(super) async fn an_id_is_for_one_command<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    with_two_engines(two_handles(factory).await?, async |one, other| {
        answers(&one, &script::opening(2, 3)?).await;
        let (done, refused) = (script::sale(0, &[(1, 1)]), script::sale(1, &[(1, 9)]));
        answers(&one, &[done.clone(), refused.clone()]).await;
        let before = (audit::state_hash(&one.store().0).await?, log(one.store()).await?);
        for (ctx, command) in [done, refused] {
            let later = Context { now: at(0, 99).now, ..ctx.clone() };
            let first = shown(&one.execute(ctx.clone(), command.clone()).await);
            equal(
                "the answer to a retry that is told later",
                &shown(&other.execute(later, command.clone()).await),
                &first,
            )?;
            let another = [
                (ctx.clone(), script::sale(0, &[(2, 1)]).1),
                (ctx.clone(), script::sale(0, &[(1, 2)]).1),
                (Context { actor: text("somebody else"), ..ctx.clone() }, command.clone()),
                (Context { occurred_at: Some(ctx.now), ..ctx }, command),
            ];
            for (ctx, command) in another {
                for engine in [&one, &other] {
                    let reply = engine.execute(ctx.clone(), command.clone()).await;
                    let code = reply.as_ref().err().map(Error::code);
                    ensure!(code == Some("id_reused"), "{command:?} under a used id was answered {reply:?}");
                }
            }
        }
        let after = (audit::state_hash(&other.store().0).await?, log(other.store()).await?);
        equal("the state and the log after it", &after, &before)
    })
    .await
}

pub(super) async fn trying_changes_nothing<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    with_two_engines(two_handles(factory).await?, async |one, other| {
        answers(&one, &script::opening(2, 3)?).await;
        let before = (audit::state_hash(&one.store().0).await?, log(one.store()).await?);
        let sales = [script::sale(0, &[(1, 4)]), script::sale(1, &[(1, 2)])];
        let mut tried = Vec::new();
        for (ctx, command) in &sales {
            let replies = [&one, &other, &one].map(|engine| engine.simulate(ctx.clone(), command.clone()));
            for reply in replies {
                tried.push(shown(&reply.await));
            }
        }
        let after = (audit::state_hash(&other.store().0).await?, log(other.store()).await?);
        equal("the state and the log after it", &after, &before)?;
        let done = answers(&other, &sales).await;
        let thrice: Vec<String> =
            done.into_iter().flat_map(|answer| [answer.clone(), answer.clone(), answer]).collect();
        equal_lists("what was said when it was tried", &tried, &thrice)
    })
    .await
}

pub(super) async fn a_full_batch_is_done<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const ITEMS: u32 = 400;
    let memory = MemoryStore::new();
    let most = u32::try_from(limits::COMMANDS_PER_BATCH).unwrap_or(u32::MAX);
    let mut commands = script::opening(ITEMS, 6)?;
    commands.extend((0..most).map(|number| {
        let item = |step: u32| number.wrapping_mul(step).checked_rem(ITEMS).unwrap_or_default().saturating_add(1);
        script::sale(number, &[(item(7), 1), (item(11), 1), (item(1), 2)])
    }));
    let expected = with_engine(memory.clone(), async |engine| Ok(engine.execute_all(commands.clone()).await)).await?;
    with_engine(factory.fresh().await?, async |engine| {
        let found = engine.execute_all(commands.clone()).await;
        let (found, expected): (Vec<_>, Vec<_>) =
            (found.iter().map(shown).collect(), expected.iter().map(shown).collect());
        equal_lists("the answers to a full batch", &found, &expected)?;
        equal_lists("the log", &log(engine.store()).await?, &log(&memory).await?)?;
        same_state(engine.store(), &memory).await
    })
    .await
}

pub(super) async fn the_largest_document_is_done<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const ITEMS: u32 = 500;
    let memory = MemoryStore::new();
    let mut commands = script::opening(ITEMS, 10)?;
    let most = u32::try_from(limits::LINES_PER_DOCUMENT).unwrap_or(u32::MAX);
    let line = |number: u32| {
        let item = number.checked_rem(ITEMS).unwrap_or_default().saturating_add(1);
        (item_id(script::opened_item(item)), quantity(1))
    };
    let order =
        PlaceOrder::new(site_id(1), (0..most).map(line).map(|(item, one)| OrderedLine::new(item, one)).collect());
    commands.push((at(70, 1), order.into()));
    commands.push((at(71, 2), order::ShipOrder { order: at(70, 1).id.into(), lines: None }.into()));
    // A part of it comes back: a return looks through all movements of the shipment for each of its lines.
    let lines = (0..100).map(|line| order::ReturnedLine { line, quantity: quantity(1), refund: None }).collect();
    let goods = order::ReturnedGoods::OfOrder { order: at(70, 1).id.into(), shipment: None, site: None, lines };
    commands.push((at(72, 3), order::ReturnGoods::new(goods).into()));
    let expected = with_engine(memory.clone(), async |engine| Ok(answers(&engine, &commands).await)).await?;
    let refused = expected.iter().find(|answer| !answer.starts_with("Ok("));
    ensure!(refused.is_none(), "the suite's own script was refused: {refused:?}");
    with_engine(factory.fresh().await?, async |engine| {
        let found = engine.execute_all(commands.clone()).await;
        equal_lists("the answers", &found.iter().map(shown).collect::<Vec<_>>(), &expected)?;
        equal_lists("the log", &log(engine.store()).await?, &log(&memory).await?)?;
        same_state(engine.store(), &memory).await
    })
    .await
}
