import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from './api';

type Props = {
  label: string;
  description: string;
  people: User[];
  /** Whom the choice is about; nobody is chosen for themselves. */
  except?: string | undefined;
  value: string;
  error?: ReactNode;
  onChange: (id: string) => void;
};

/** One of those who may sign in, or nobody. */
export function PersonSelect({ people, except, onChange, ...field }: Props) {
  const { t } = useTranslation('people');
  const others = people.filter((one) => one.id !== except && one.active);
  return (
    <Select
      {...field}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('nothing_found')}
      data={[
        { value: '', label: t('nobody') },
        ...others.map((one) => ({ value: one.id, label: one.name })),
      ]}
      onChange={(id) => onChange(id ?? '')}
    />
  );
}
