import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { term } from '@/lib/i18n';
import { useFormat, useLabel } from '@/lib/use-format';
import { FactList } from '@/ui/fact-list';

/** The figures behind the grades, and what the person likes. */
export function GradeFacts({ grade }: { grade: Api<'Grade'> }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const label = useLabel();
  const scores = grade.r
    ? t('fact.scores', { r: grade.r, f: grade.f ?? 0, m: grade.m ?? 0 })
    : null;
  return (
    <FactList
      facts={[
        [t('fact.rfm'), scores],
        [t('fact.rfm_group'), grade.rfm_group && term(t, 'rfm_group', grade.rfm_group)],
        [t('fact.lifecycle'), term(t, 'lifecycle', grade.lifecycle)],
        [t('fact.abc'), grade.abc && term(t, 'abc', grade.abc)],
        [t('fact.first_order'), grade.first_order && format.day(grade.first_order)],
        [t('fact.favourite_store'), grade.favourite_store?.name],
        [t('fact.favourite_category'), grade.favourite_category],
        [
          t('fact.favourite_channel'),
          grade.favourite_channel && term(t, 'channel', grade.favourite_channel),
        ],
        [
          t('fact.benefits'),
          grade.tier && grade.tier.benefits.length > 0
            ? format.list(grade.tier.benefits.map(label))
            : null,
        ],
      ]}
    />
  );
}
