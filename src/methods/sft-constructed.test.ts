import { expect, test } from 'vitest'
import { contextOf, correction, diagnosis, groupsOf, model, reply, right, wrong, type World } from './fixtures/sums.ts'
import { sftConstructed, sftConstructedDefaults } from './sft-constructed.ts'
import { tapo } from './tapo.ts'

/** Two right, four wrong; the corrections of the first two come out right, of the third wrong, and the fourth is refused. */
const world: World = {
  attempts: [right, wrong, `${wrong} Yes, 8.`, right, `${wrong} I say 8.`, `${wrong} It is 8.`],
  replies: ['', reply(diagnosis + correction), reply(diagnosis + correction), '', reply(`${diagnosis} It is 9.`), 'I will not.'],
}
const constructionTokens = 14 + diagnosis.length + correction.length + 1

async function take(options: Parameters<typeof sftConstructed>[0] = {}) {
  const policy = await model(world).policy()
  const groups = await groupsOf(policy, world)
  return { made: await sftConstructed(options)(groups, contextOf(policy)), tapos: await tapo()(groups, contextOf(policy)) }
}

test("it makes TAPO's constructions and learns the right ones alone, every token alike", async () => {
  const { made, tapos } = await take()
  expect(made.objective).toEqual({ kind: 'likelihood' })
  const told = (result: typeof made) => result.constructions.map(({ source, refusal, trajectory }) => [source, refusal, trajectory?.tokens])
  expect(told(made)).toEqual(told(tapos))
  expect(made.examples.map(({ origin }) => origin)).toEqual(['construction', 'construction', 'construction'])
  const learnt = made.examples.filter(({ advantages }) => advantages.some((advantage) => advantage !== 0))
  expect(learnt.map(({ id }) => id).toSorted()).toEqual(['sums/0 construction 1', 'sums/0 construction 2'])
  for (const { advantages } of learnt) expect(new Set(advantages.slice(9))).toEqual(new Set([Math.fround(1 / (2 * constructionTokens))]))
  expect(made.metrics).toMatchObject({ 'trained.rollout': 0, 'trained.construction': 2, 'trained.source': 0, 'weight.mean': 1 })
  expect([made, tapos].map(({ metrics }) => 'construction.zeroVariance' in metrics)).toEqual([false, true])
})

test('with the prefix as context only what follows it is learnt', async () => {
  const { made } = await take({ prefixLoss: 'context' })
  const { advantages } = made.examples.find(({ id }) => id === 'sums/0 construction 1')!
  expect(advantages.findIndex((advantage) => advantage !== 0)).toBe(9 + 14)
})

test("its defaults are TAPO's", () => {
  expect(sftConstructedDefaults).toEqual({
    zone: { minRight: 2, minWrong: 4, maxConstructions: 4 },
    reconstruction: 'prefix',
    minPrefixShare: 0.1,
    reply: { temperature: 1, lengthFactor: 2 },
    prefixLoss: 'trained',
  })
})
