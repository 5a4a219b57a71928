"""The kinds of availability there are."""

from typing import Annotated

from agents.annotator.availabilities.abandonment import Abandonment
from agents.annotator.availabilities.arrival import Arrival
from agents.annotator.availabilities.batches import Batches
from agents.annotator.availabilities.churn import Churn
from agents.annotator.availabilities.no_show import NoShow
from agents.annotator.availabilities.rate_limit import RateLimit
from agents.annotator.availabilities.sessions import Sessions
from agents.annotator.availabilities.shifts import Shifts
from agents.annotator.availability import Availability
from agents.annotator.people import PeopleChoice

AVAILABILITIES = PeopleChoice("availability", Shifts, Sessions, Arrival, Churn, NoShow, Abandonment, RateLimit, Batches)
AnyAvailability = Annotated[Availability, AVAILABILITIES]
