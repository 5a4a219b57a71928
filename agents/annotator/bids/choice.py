"""The ways to bid there are."""

from typing import Annotated

from agents.annotator.bidding import Bidding
from agents.annotator.bids.honest import Honest
from agents.annotator.bids.imprecise import Imprecise
from agents.annotator.bids.markup import Markup
from agents.annotator.bids.overclaiming import Overclaiming
from agents.annotator.bids.selective import Selective
from agents.annotator.people import PeopleChoice

BIDS = PeopleChoice("bidding", Honest, Overclaiming, Imprecise, Selective, Markup)
AnyBidding = Annotated[Bidding, BIDS]
