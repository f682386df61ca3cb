"""Sentences that the word vectors are fitted on: everyday questions, made up by rule.

They are no examples of anything: each only shows the teacher words beside other words, in the way
people ask. What they are about is left to chance; `nouns`, `verbs` and `adjectives` are the words
to fill in, with how often each may come up.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import accumulate

_SLOT = re.compile(r"\{(noun|verb|adjective)\}")

#: what people want to do
_TASKS = """
pay the rent; split the bill; send money to a friend; open a savings account; close my account;
freeze my card; get my money back; check my balance; change my password; reset my pin; report a
stolen wallet; order a new passport; renew my licence; apply for a loan; take out a mortgage;
refinance the house; lower the interest; raise my credit limit; dispute a charge; stop a payment;
cash a check; deposit cash; withdraw money abroad; exchange dollars for euros; transfer between
accounts; link my bank; verify my identity; update my address; change my name on file; cancel my
subscription; renew my membership; upgrade my plan; get a receipt; ask for a refund; return the
shoes; exchange this shirt for a bigger size; track my parcel; change the delivery address;
complain about the service; talk to a real person; use a coupon; redeem my points; book a flight;
change my seat; cancel the hotel; rent a car; get a visa; find lost luggage; check in online;
bring my dog on the plane; catch the next train; call a taxi; find a parking spot; get directions
to the airport; avoid traffic; charge an electric car; change the oil; check the tire pressure;
jump start the battery; get insurance for my car; fix a flat tire; pass the driving test; reserve
a table; order takeout; cook rice; bake bread; substitute butter in a cake; count calories; make a
shopping list; add milk to the list; set an alarm; wake me up at seven; set a timer for ten
minutes; remind me to call mom; schedule a meeting; move my appointment; cancel the appointment;
invite my team; see my calendar; play some jazz; skip this song; turn up the volume; turn off the
lights; dim the lamp; set the heating to twenty degrees; lock the front door; start the vacuum
cleaner; connect to wifi; pair my headphones; restart the router; back up my photos; delete old
files; install an update; free up space; recover a deleted email; block a number; send a text;
make a call; find my phone; share my location; take a screenshot; print a document; scan a page;
convert a file; merge two spreadsheets; learn to code; write a loop; sort a list; debug this
error; host a website; encrypt a disk; speed up my computer; upgrade the memory; stream a film;
watch the game; buy concert tickets; read the news; find a good book; learn spanish; translate a
sentence; spell a word; define a term; calculate a tip; convert miles to kilometres; solve an
equation; tell me a joke; flip a coin; roll the dice; change your voice; speak slower; repeat
that; see a doctor; get a flu shot; refill a prescription; lower my blood pressure; sleep better;
stop smoking; lose weight; treat a cold; take ibuprofen with food; stretch my back; train for a
marathon; pull a tooth; get new glasses; have surgery; change a bandage; take care of a baby; feed
the cat; walk the dog; train a puppy; clean a fish tank; grow tomatoes; mow the lawn; prune roses;
water the plants; paint a wall; fix a leaking tap; unclog the sink; hang a picture; move to a new
flat; find a roommate; sign a lease; break the lease; get my deposit back; buy a house; sell my
old sofa; hire a plumber; file my taxes; claim a deduction; get my tax form; apply for a job;
write a resume; prepare for an interview; ask for a raise; request time off; see how many vacation
days I have; report sick; quit my job; roll over my pension; invest in stocks; open a business;
send an invoice; hire a lawyer; get divorced; change my will; vote by mail; report a crime; pay a
fine; adopt a child; enrol in a course; pay tuition; get a scholarship; write an essay; cite a
source; borrow a book; renew a library card; take a photo at night; edit a video; play chess; tune
a guitar; knit a scarf; catch a trout; pitch a tent; ski safely; ride a bike to work; swim laps;
join a gym; plan a wedding; wrap a gift; write a thank you note; make new friends; say no
politely; calm down before an exam; apologise to my sister; donate clothes; recycle glass
"""

#: what people ask about
_THINGS = """
the exchange rate; the transfer fee; my account balance; the interest on my card; the minimum
payment; my credit score; the routing number; a wire from overseas; a declined payment; a double
charge; the cash machine; the direct debit; the standing order; my paycheck; the top up; the card
reader; the security code; the daily limit; the statement; the pending transaction; the loan
application; the delivery; the tracking number; the warranty; the return policy; the discount
code; the gift card; the shipping cost; the order number; the shop downtown; the opening hours;
the price of gas; the weather tomorrow; the temperature outside; the time in tokyo; the date
today; the next holiday; the flight status; the boarding pass; the carry-on rules; the visa
requirements; the travel alert; the hotel room; the rental car; the bus schedule; the train
ticket; the traffic on the way home; the distance to boston; the speed limit; the mileage of my
car; the engine light; the brakes; the fuel tank; the insurance premium; the deductible; the
claim; the accident; the recipe; the ingredients; the calories in an apple; the restaurant on main
street; the reservation; the menu; the wine list; the bill; the tip; the leftover chicken; the
oven temperature; the baking time; my alarm; the reminder; the meeting at noon; my calendar; the
to-do list; the shopping list; the playlist; the song on the radio; the volume; the living room
lights; the thermostat; the washing machine; the wifi password; the router; the battery; the
screen; the keyboard; the printer; the update; the app; the website; the login page; the error
message; the email attachment; the spam folder; the hard drive; the backup; the password; the
server; the database; the function; the script; the package; the file permissions; the command
line; the partition; the driver; the kernel; the graphics card; the monitor; the virtual machine;
the firewall; the certificate; my boss; my coworker; my salary; the pay slip; the vacation
request; the pension plan; the job interview; the contract; the tax return; the tax bracket; the
social security number; the insurance card; the health plan; the vaccine; the appointment; the
doctor; the surgery; the recovery; the scar; the pain in my back; the side effects; the
prescription; the blood test; the x-ray; the physiotherapy; the walking stick; the hospital bill;
the nurse; the clinic; a headache; a fever; an allergy; a cough; the bandage; the baby; my
grandmother; the puppy; the cat; the garden; the roof; the kitchen sink; the rent; the landlord;
the neighbour; the mortgage; the electricity bill; the water bill; the phone bill; the moving
company; the furniture; the paint; the exam; the homework; the teacher; the course; the degree;
the library; the essay; the capital of france; the population of india; the meaning of life; the
president; the moon; the planet mars; the war; the election; the stock market; bitcoin; the price
of gold; the football game; the score; the tournament; the movie; the actor; the ending of the
series; the concert; the guitar; the painting; the museum; the museum ticket; the camera; the
lens; the bicycle; the tent; the boots; the wedding; the present; your name; your age; your
favourite colour; the joke
"""

#: how they ask for a task
_ASK_TASK = """
how do i {}; how can i {}; can i {}; can you {}; could you {} for me; please {}; i want to {}; i
need to {}; i would like to {}; help me {}; what do i need to {}; where can i {}; when can i {};
how long does it take to {}; how much does it cost to {}; is it possible to {}; am i allowed to
{}; what is the best way to {}; why can't i {}; i tried to {} but it did not work; do i have to
{}; should i {}; who can help me {}; i forgot how to {}; is there a way to {} online; what happens
if i {}; i am trying to {}; do you know how to {}; can somebody {}; is it safe to {}; it won't let
me {}; which app lets me {}; will i be charged if i {}; i don't want to {} any more; tell me how
to {}; need to {} asap; {}; {} please
"""

#: how they ask about a thing
_ASK_THING = """
what is {}; what's {}; tell me about {}; where is {}; when is {}; how much is {}; why is {} so
high; why is {} not working; i have a problem with {}; i lost {}; i can't find {}; there is
something wrong with {}; is {} included; what does {} mean; how do i change {}; how do i get {};
can you check {}; show me {}; who decides {}; how long is {}; is {} any good; i have a question
about {}; {} is missing; {} has not arrived; {} was declined; {} is broken; {} looks wrong; i did
not recognise {}; do i need {}; can i keep {}; what happened to {}; is there a limit on {}; how
often does {} change; i am worried about {}; where can i see {}; what should i know about {}; did
you get {}; is it normal for {} to be late; i want a new one, {} is too old; {}; compare {} with
last month; cancel {}; update {}; thanks for {}
"""

#: tasks to be made up
_MADE_TASKS = """
{verb} the {noun}; {verb} my {noun}; {verb} a {noun}; {verb} the {adjective} {noun}; {verb} it;
{verb} my {noun} with a {noun}; {verb}; {verb} the {noun} for the {noun}; {verb} and {verb} the
{noun}; {verb} this {noun} again; {verb} the {noun} from the {noun}
"""

#: things to be made up
_MADE_THINGS = """
{noun}; the {noun}; my {noun}; the {adjective} {noun}; my {adjective} {noun}; the {noun} of the
{noun}; a {noun} for my {noun}; the {noun} {noun}; this {noun}; {noun} and {noun}; some {noun};
the {noun} in the {noun}; another {noun}
"""

#: what else people say
_REMARKS = """
the {noun} is {adjective}; my {noun} was {adjective} after the {noun}; we {verb} the {noun} every
day; they {verb} {noun} in the {noun}; it is {adjective} and {adjective}; {noun} {noun}; i feel
{adjective} about the {noun}; he said the {noun} would {verb}; never {verb} the {noun};
{adjective} {noun}; is the {noun} {adjective} or {adjective}; she did not {verb} the {noun}; the
{noun} does not {verb}; does the {noun} {verb}; which {noun} is more {adjective}; i am {adjective}
"""

#: what people put before or after a question
_BESIDE = """
i {verb} the {noun} yesterday; i have just {verb} my {noun}; my {noun} is {adjective}; i got a
{noun} from the {noun}; i am still waiting for the {noun}; i wanted to {verb} the {noun}; the
{noun} says {noun}; someone {verb} my {noun}; i have been trying to {verb} it for a week; it
{verb} my {noun} every time; i used my {noun} at the {noun}; hello; sorry; i am new here; last
month i {verb} a {noun}; i already {verb} the {noun}; we are planning a {noun}; my {noun} and i
want to {verb}; there is a {noun} on my {noun}; i only see {noun}; for my {noun}; if my {noun} is
{adjective}; because of the {noun}; i think the {noun} was {adjective}; since the {noun}; when i
{verb} the {noun}; after i {verb}; before the {noun}
"""


def everyday_sentences() -> list[str]:
    """Every task and thing above, asked for in every way."""
    return [
        way.format(what)
        for whats, ways in ((_TASKS, _ASK_TASK), (_THINGS, _ASK_THING))
        for what in _items(whats)
        for way in _items(ways)
    ]


def made_sentences(
    words: Mapping[str, Mapping[str, float]], count: int, *, seed: int = 0
) -> list[str]:
    """Different sentences of words drawn by chance, the same for the same seed.

    Args:
        words: "noun", "verb" and "adjective" -> word -> weight.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    draw = {kind: _drawer(weights, chance) for kind, weights in words.items()}

    def fill(pattern: str) -> str:
        return _SLOT.sub(lambda slot: draw[slot.group(1)](), pattern)

    made: dict[str, None] = {}
    while len(made) < count:
        made[_sentence(chance, fill)] = None
    return list(made)


def _sentence(chance: random.Random, fill: Callable[[str], str]) -> str:
    asked = _question(chance, fill)
    if chance.random() < 0.6:
        return asked
    beside = fill(chance.choice(_items(_BESIDE)))
    joint = chance.choice((", ", ". ", " and ", " but ", " so "))
    return joint.join((beside, asked) if chance.random() < 0.7 else (asked, beside))


def _question(chance: random.Random, fill: Callable[[str], str]) -> str:
    ways, whats = chance.choices(
        (
            (_ASK_THING, _MADE_THINGS),
            (_ASK_TASK, _MADE_TASKS),
            (_ASK_TASK, _TASKS),
            (_ASK_THING, _THINGS),
            ("{}", _REMARKS),
        ),
        weights=(0.4, 0.3, 0.05, 0.05, 0.2),
    )[0]
    return chance.choice(_items(ways)).format(fill(chance.choice(_items(whats))))


def _drawer(weights: Mapping[str, float], chance: random.Random) -> Callable[[], str]:
    """Draws a word, the heavier ones more often."""
    words, heights = list(weights), list(accumulate(weights.values()))
    return lambda: chance.choices(words, cum_weights=heights)[0]


@lru_cache
def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.replace("\n", " ").split(";"))
