"""What the respondents' pages need: moments, and whether a page of another room is there already."""

from django import template

from sih_portal.years import day_and_time
from survey.entering import moment

register = template.Library()
register.filter(day_and_time)
register.filter(moment)
